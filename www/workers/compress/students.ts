// Small networks that may learn from the large one.
import type { Chain, LabSpec } from '../../src/lab/spec.ts';
import type { Student } from './protocol.ts';

/** `conv` wants images; for anything else, and for `dense`, one small hidden layer. */
export function studentModel(student: Student, shape: number[], classes: number): LabSpec['model'] {
  const answer: Chain['layers'][number] = { type: 'dense', units: classes, activation: 'softmax' };
  if (student === 'conv' && shape.length === 3 && Math.min(shape[0]!, shape[1]!) >= 8) {
    return {
      input: shape,
      layers: [{ type: 'conv2d', filters: 4, kernel: [3, 3], stride: [2, 2], activation: 'relu' }, { type: 'max_pool2d', size: [2, 2] }, { type: 'flatten' }, answer],
    };
  }
  return { input: shape, layers: [{ type: 'flatten' }, { type: 'dense', units: 8, activation: 'relu' }, answer] };
}
