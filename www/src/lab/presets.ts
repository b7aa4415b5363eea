// Models to start from, and the strategy a fresh page has.
import { residual, transformer } from './preset-graphs.ts';
import type { Chain, LabSpec, Strategy } from './spec.ts';

export const presetNames = ['article', 'lenet', 'vgg', 'resnet', 'mlp', 'transformer'] as const;
export type PresetName = (typeof presetNames)[number];

/** LeCun et al. 1998 on 28 × 28, with the usual modern reading: tanh, average pooling, softmax. */
const lenet: Chain['layers'] = [
  { type: 'conv2d', filters: 6, kernel: [5, 5], padding: 'same', activation: 'tanh' },
  { type: 'avg_pool2d', size: [2, 2] },
  { type: 'conv2d', filters: 16, kernel: [5, 5], activation: 'tanh' },
  { type: 'avg_pool2d', size: [2, 2] },
  { type: 'flatten' },
  { type: 'dense', units: 120, activation: 'tanh' },
  { type: 'dense', units: 84, activation: 'tanh' },
];

const article: Chain['layers'] = [
  { type: 'conv2d', filters: 32, kernel: [3, 3], activation: 'relu' },
  { type: 'max_pool2d', size: [2, 2] },
  { type: 'flatten' },
  { type: 'dense', units: 64, activation: 'relu' },
];

const mlp: Chain['layers'] = [
  { type: 'flatten' },
  { type: 'dense', units: 128, activation: 'relu' },
  { type: 'dense', units: 64, activation: 'relu' },
];

/** Simonyan and Zisserman 2015 in small: two 3 × 3 convolutions where one 5 × 5 would see as far, then half the size. */
const vgg: Chain['layers'] = [
  ...[16, 32].flatMap((filters): Chain['layers'] => [
    { type: 'conv2d', filters, kernel: [3, 3], padding: 'same', activation: 'relu', init: 'he_normal' },
    { type: 'conv2d', filters, kernel: [3, 3], padding: 'same', activation: 'relu', init: 'he_normal' },
    { type: 'max_pool2d', size: [2, 2] },
  ]),
  { type: 'flatten' },
  { type: 'dense', units: 64, activation: 'relu' },
  { type: 'dropout', rate: 0.5 },
];

const bodies = { article, lenet, vgg, mlp };

/** A preset for samples of this shape and so many classes. */
export function preset(name: PresetName, input: number[] = [28, 28, 1], classes = 10): LabSpec['model'] {
  if (name === 'resnet') return residual(input, classes);
  if (name === 'transformer') return transformer(input, classes);
  return { input: [...input], layers: [...structuredClone(bodies[name]), { type: 'dense', units: classes, activation: 'softmax' }] };
}

export function initialStrategy(): Strategy {
  return { loss: 'categorical_cross_entropy', optimizer: { type: 'adam', learning_rate: 0.001 }, batch_size: 32, epochs: 5 };
}

export function initialSpec(): LabSpec {
  return { data: { name: 'digits' }, model: preset('article'), strategy: initialStrategy(), seed: 1, exact: true };
}
