// The fields of a strategy, as the engine's RunSpec has them, and how the page reads and writes each.
import type { OptimizerSpec, ScheduleSpec } from 'danlu';
import type { Field } from './layers.ts';
import { optimizerOf, type Strategy } from './spec.ts';

const number = (name: string, initial: number): Field => ({ name, type: { kind: 'number', initial }, optional: true });
/** A length in steps: left out, it fits the run. */
const steps = (name: string): Field => ({ name, type: { kind: 'whole' }, optional: true });
const flag = (name: string, initial: boolean): Field => ({ name, type: { kind: 'flag', initial }, optional: true });

export const optimizers: Record<OptimizerSpec['type'], Field[]> = {
  adam: [number('beta_1', 0.9), number('beta_2', 0.999), number('epsilon', 1e-7), flag('amsgrad', false)],
  adamw: [number('beta_1', 0.9), number('beta_2', 0.999), number('epsilon', 1e-7), flag('amsgrad', false)],
  sgd: [number('momentum', 0), flag('nesterov', false)],
  rmsprop: [number('rho', 0.9), number('momentum', 0), number('epsilon', 1e-7), flag('centered', false)],
  adagrad: [number('initial_accumulator_value', 0.1), number('epsilon', 1e-7)],
  adadelta: [number('rho', 0.95), number('epsilon', 1e-7)],
  lion: [number('beta_1', 0.9), number('beta_2', 0.99)],
};
export const optimizerTypes = Object.keys(optimizers) as OptimizerSpec['type'][];
export const usualRate = (type: OptimizerSpec['type']): number => (type === 'sgd' ? 0.01 : 0.001);

export const scheduleFields: Record<ScheduleSpec['type'], Field[]> = {
  constant: [],
  step: [steps('every'), number('factor', 0.1)],
  piecewise: [
    { name: 'boundaries', type: { kind: 'sizes' }, optional: true },
  ],
  exponential: [steps('decay_steps'), number('decay_rate', 0.01), flag('staircase', false)],
  inverse_time: [steps('decay_steps'), number('decay_rate', 9), flag('staircase', false)],
  inverse_sqrt: [steps('warmup_steps')],
  polynomial: [steps('decay_steps'), number('end', 0), number('power', 1), flag('cycle', false)],
  cosine: [steps('decay_steps'), number('alpha', 0), flag('wave', false)],
  warm_restarts: [steps('first_decay_steps'), number('t_mul', 2), number('m_mul', 1), number('alpha', 0)],
  one_cycle: [steps('total_steps'), number('rise', 0.3), number('div_factor', 25), number('final_div_factor', 1e4), flag('linear', false), flag('three_phase', false), flag('cycle_momentum', true)],
  warmup: [steps('steps'), number('from', 0)],
};
export const scheduleTypes = Object.keys(scheduleFields) as ScheduleSpec['type'][];

export const clips = ['clipvalue', 'clipnorm', 'global_clipnorm'] as const;
export type ClipName = (typeof clips)[number];

export function clipOf(strategy: Strategy): { name: ClipName; value: number } | undefined {
  const optimizer = optimizerOf(strategy);
  for (const name of clips) {
    const value = optimizer[name];
    if (typeof value === 'number') return { name, value };
  }
  return undefined;
}

export function withClip(strategy: Strategy, clip: { name: ClipName; value: number } | undefined): Strategy {
  const { clipvalue: _a, clipnorm: _b, global_clipnorm: _c, ...optimizer } = optimizerOf(strategy);
  return { ...strategy, optimizer: (clip ? { ...optimizer, [clip.name]: clip.value } : optimizer) as OptimizerSpec };
}

/** Another optimiser keeps the bounds and the decay; its rate is the usual one where the old one was. */
export function withOptimizer(strategy: Strategy, type: OptimizerSpec['type']): Strategy {
  const old = optimizerOf(strategy);
  const rate = old.learning_rate ?? usualRate(old.type);
  const optimizer: Record<string, unknown> = { type, learning_rate: rate === usualRate(old.type) ? usualRate(type) : rate };
  for (const name of ['weight_decay', 'exclude_from_weight_decay', 'gradient_accumulation_steps', ...clips] as const) {
    if (old[name] !== undefined && old[name] !== null) optimizer[name] = old[name];
  }
  return { ...strategy, optimizer: optimizer as unknown as OptimizerSpec };
}

export function l2Of({ regularizers }: Strategy): number {
  const first = regularizers?.find((one) => typeof one === 'object' && one.type !== 'l1');
  return typeof first === 'object' ? (first.l2 ?? (first.type === 'l2' ? 0.01 : 0)) : regularizers?.includes('l2') ? 0.01 : 0;
}

/** Of every kernel; other penalties that a link brought stay. */
export function withL2(strategy: Strategy, l2: number): Strategy {
  const { regularizers = [], ...rest } = strategy;
  const others = regularizers.filter((one) => one !== 'l2' && (typeof one === 'string' || one.type !== 'l2'));
  const all = l2 > 0 ? [...others, { type: 'l2' as const, l2 }] : others;
  return all.length > 0 ? { ...rest, regularizers: all } : rest;
}

export function smoothingOf({ loss }: Strategy): number {
  return typeof loss === 'object' && loss.type === 'categorical_cross_entropy' && 'label_smoothing' in loss ? (loss.label_smoothing ?? 0) : 0;
}

export function withSmoothing(strategy: Strategy, label_smoothing: number): Strategy {
  const { loss } = strategy;
  if (label_smoothing === 0 && typeof loss !== 'object') return strategy;
  const old = typeof loss === 'object' && loss.type === 'categorical_cross_entropy' ? loss : { type: 'categorical_cross_entropy' as const };
  const next = { ...old, label_smoothing };
  if (label_smoothing > 0) return { ...strategy, loss: next };
  return { ...strategy, loss: Object.keys(next).length > 2 ? next : 'categorical_cross_entropy' };
}

export const usualAugment = { shift: 2, rotate_deg: 10, zoom: 0.1 };
