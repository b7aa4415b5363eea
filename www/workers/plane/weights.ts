// A session's weights and gradients, tensor by tensor.
import type { Session } from 'danlu';
import { fileOf, tensorsOf } from '../safetensors.ts';
import type { Tensor } from './protocol.ts';

/** In the order of the layers, each kernel before its bias. */
export function tensors(session: Session): Tensor[] {
  const weights = tensorsOf(session.getWeights());
  const gradients = tensorsOf(session.getGradients());
  return session.layers().flatMap(({ name: layer }) =>
    ['kernel', 'bias'].flatMap((part) => {
      const name = `${layer}/${part}`;
      const tensor = weights.get(name);
      return tensor ? [{ name, shape: tensor.shape, values: tensor.values, gradient: gradients.get(name)!.values }] : [];
    }),
  );
}

/** Another value of one weight. */
export function weigh(session: Session, name: string, at: number, value: number) {
  const all = tensorsOf(session.getWeights());
  all.get(name)!.values[at] = value;
  session.setWeights(fileOf(all));
}

export const norm = (all: Iterable<Float32Array>): number => {
  let squares = 0;
  for (const values of all) for (const value of values) squares += value * value;
  return Math.sqrt(squares);
};
