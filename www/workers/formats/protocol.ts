// What the page may ask of the worker that writes and reads other libraries' files.
import type { RunSpec } from 'danlu';
import type { LabSpec } from '../../src/lab/spec.ts';

/** `all`: the others in one zip. */
export type Kind = 'safetensors' | 'onnx' | 'keras' | 'torch' | 'all';

/** A network out of a file. Its loss follows from what it ends in. */
export interface Imported {
  model: RunSpec['model'];
  loss: 'categorical_cross_entropy' | 'binary_cross_entropy' | 'mean_squared_error';
  weights: Uint8Array<ArrayBuffer>;
  layers: number;
  parameters: number;
  /** Where images come first by channel in the file, and last here. */
  turned: boolean;
}

export interface FormatCalls {
  /** `steps`: how long the run is, for schedules that follow from it. */
  export: { ask: { kind: Kind; spec: LabSpec; steps: number; weights: Uint8Array<ArrayBuffer> }; answer: { bytes: Uint8Array<ArrayBuffer>; ending: string } };
  /** `model`: what weights without a network of their own are held against. */
  import: { ask: { name: string; bytes: Uint8Array<ArrayBuffer>; model: RunSpec['model'] }; answer: Imported };
}
