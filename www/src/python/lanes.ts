/** Which of the two modules that train a runtime takes. */

// (module (func (param v128 v128 v128) (result v128) f32x4.relaxed_madd)): refused where the instruction is unknown.
const PROBE = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 8, 1, 96, 3, 123, 123, 123, 1, 123, 3, 2, 1, 0, 10, 13, 1, 11, 0, 32, 0, 32, 1, 32, 2,
  253, 133, 2, 11,
];

/** `relaxed` multiplies and adds at once and is faster; `simd`, by its files' name `train`, runs everywhere. */
export type TrainingModule = 'relaxed' | 'train';

export const trainingModule = (): TrainingModule => (WebAssembly.validate(new Uint8Array(PROBE)) ? 'relaxed' : 'train');
