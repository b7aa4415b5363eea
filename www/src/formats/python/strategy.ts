// What a run says of its training, short forms written out, and which parameters it means.
import type { OptimizerSpec, RunSpec } from 'danlu';
import type { Model } from '../model.ts';

export function optimizerOf({ optimizer }: RunSpec): OptimizerSpec {
  const written = (optimizer === undefined ? { type: 'adam' } : typeof optimizer === 'string' ? { type: optimizer } : optimizer) as OptimizerSpec;
  return written.type === 'adamw' && written.weight_decay === undefined ? { ...written, weight_decay: 0.004 } : written;
}

export interface Regularizer {
  l1: number;
  l2: number;
  /** Parameters with one of these in their names. */
  matches: string[];
}

export function regularizersOf({ regularizers = [] }: RunSpec): Regularizer[] {
  return regularizers.map((written) => {
    const { type, l1, l2, parameters = ['kernel'] } = typeof written === 'string' ? { type: written, l1: undefined, l2: undefined } : written;
    return { l1: l1 ?? (type === 'l1' ? 0.01 : 0), l2: l2 ?? (type === 'l2' ? 0.01 : 0), matches: parameters };
  });
}

export interface Constraint {
  max_value: number;
  axes: number[];
  matches: string[];
}

export function constraintsOf({ constraints = [] }: RunSpec): Constraint[] {
  return constraints.map((written) => {
    const { max_value = 2, axes = [0], parameters = ['kernel'] } = typeof written === 'string' ? {} : written;
    return { max_value, axes, matches: parameters };
  });
}

/** The engine's names of parameters with one of these in them; `learning`: of those only that gradients move. */
export function parametersOf(model: Model, matches: string[], which: 'learning' | 'all'): string[] {
  return model.nodes.flatMap(({ name, layer, weights }) =>
    [...weights.keys()]
      .filter((part) => which === 'all' || (layer.trainable !== false && !part.startsWith('moving_')))
      .map((part) => `${name}/${part}`)
      .filter((parameter) => matches.some((match) => parameter.includes(match))),
  );
}
