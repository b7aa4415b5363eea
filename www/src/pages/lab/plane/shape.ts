// The drawn network: where its nodes stand, and which tensor a column's weights are.
import type { Feature } from '../../../lab/plane/features.ts';

export interface NetShape {
  features: Feature[];
  layers: number[];
  outputs: number;
  classes: number;
}

/** Of the weights that lead into layer `at`; the last is the output's. */
export const layerName = ({ layers }: NetShape, at: number): string => (at < layers.length ? `h${at + 1}` : 'out');

/** Which layer a tensor leads into, and whether it is a bias. */
export function placeOf({ layers }: NetShape, tensor: string): { layer: number; bias: boolean } {
  const [name, part] = tensor.split('/');
  return { layer: name === 'out' ? layers.length : Number(name!.slice(1)) - 1, bias: part === 'bias' };
}

/** How many units layer `at` takes in, and how many it has. */
export const fanOf = ({ features, layers, outputs }: NetShape, at: number): [into: number, units: number] => [
  at === 0 ? features.length : layers[at - 1]!,
  at < layers.length ? layers[at]! : outputs,
];
