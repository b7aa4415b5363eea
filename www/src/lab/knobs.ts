// What a sweep can turn: one knob of a spec, and the values worth trying.
import { layersOf } from './edit-model.ts';
import { isGraph, optimizerOf, type Layer, type LabSpec, type Preparation } from './spec.ts';
import { clipOf, l2Of, optimizerTypes, scheduleTypes, smoothingOf, usualAugment, usualRate, withClip, withL2, withOptimizer, withSmoothing } from './strategy.ts';
import { initialisers } from './layers.ts';

export type Value = string | number | boolean;

export interface Knob {
  id: KnobId;
  /** What it is set to now; undefined where the spec has nothing to turn. */
  read: (spec: LabSpec) => Value | undefined;
  write: (spec: LabSpec, value: Value) => LabSpec;
  /** Offered at first; a reader may choose others. */
  values: Value[];
  /** Whether other numbers may be written in. */
  numeric: boolean;
}

export const knobIds = [
  'learning-rate', 'batch-size', 'optimizer', 'schedule', 'init', 'dropout', 'l2', 'smoothing', 'augment', 'clip', 'epochs', 'seed', 'limit', 'scale', 'activation',
] as const;
export type KnobId = (typeof knobIds)[number];

const strategy = (spec: LabSpec, part: Partial<LabSpec['strategy']>): LabSpec => ({ ...spec, strategy: { ...spec.strategy, ...part } });

const scales: Preparation['scale'][] = ['unit', 'standard', 'raw'];

/** Every layer that has kernels drawn, or that `wanted` says. */
function mapLayers(spec: LabSpec, wanted: (layer: Layer) => boolean, change: (layer: Record<string, unknown>) => Record<string, unknown>): LabSpec {
  const map = <T extends Layer>(layer: T): T => (wanted(layer) ? (change(layer as unknown as Record<string, unknown>) as unknown as T) : layer);
  const { model } = spec;
  return { ...spec, model: isGraph(model) ? { ...model, nodes: model.nodes.map(map) } : { ...model, layers: model.layers.map(map) } };
}

const drawn = new Set(['conv2d', 'conv1d', 'depthwise_conv2d', 'separable_conv2d', 'conv2d_transpose', 'dense', 'multi_head_attention']);
const hidden = (spec: LabSpec) => {
  const last = layersOf(spec.model).at(-1);
  return (layer: Layer) => layer !== last && typeof (layer as { activation?: unknown }).activation === 'string';
};
/** The one value that all of them have, if they do. */
function common<T>(values: T[]): T | undefined {
  return values.length > 0 && values.every((value) => value === values[0]) ? values[0] : undefined;
}

export const knobs: Record<KnobId, Knob> = {
  'learning-rate': {
    id: 'learning-rate',
    read: (spec) => optimizerOf(spec.strategy).learning_rate ?? usualRate(optimizerOf(spec.strategy).type),
    write: (spec, value) => strategy(spec, { optimizer: { ...optimizerOf(spec.strategy), learning_rate: Number(value) } }),
    values: [0.0001, 0.0003, 0.001, 0.003, 0.01],
    numeric: true,
  },
  'batch-size': {
    id: 'batch-size',
    read: (spec) => spec.strategy.batch_size ?? 32,
    write: (spec, value) => strategy(spec, { batch_size: Number(value) }),
    values: [8, 32, 128, 512, 2048],
    numeric: true,
  },
  optimizer: {
    id: 'optimizer',
    read: (spec) => optimizerOf(spec.strategy).type,
    write: (spec, value) => ({ ...spec, strategy: withOptimizer(spec.strategy, optimizerTypes.find((type) => type === value) ?? 'adam') }),
    values: optimizerTypes,
    numeric: false,
  },
  schedule: {
    id: 'schedule',
    read: ({ strategy: { schedule } }) => (schedule === undefined ? 'constant' : typeof schedule === 'string' ? schedule : schedule.type),
    write: (spec, value) => {
      const { schedule: _, ...rest } = spec.strategy;
      const type = scheduleTypes.find((one) => one === value) ?? 'constant';
      return { ...spec, strategy: type === 'constant' ? rest : { ...rest, schedule: type === 'warmup' ? { type, then: { type: 'cosine' } } : { type } } };
    },
    values: ['constant', 'step', 'cosine', 'one_cycle', 'warmup'],
    numeric: false,
  },
  init: {
    id: 'init',
    read: (spec) => common(layersOf(spec.model).filter(({ type }) => drawn.has(type)).map((layer) => (layer as { init?: unknown }).init ?? 'glorot_uniform')) as Value | undefined,
    write: (spec, value) => mapLayers(spec, ({ type }) => drawn.has(type), ({ init: _, ...rest }) => (value === 'glorot_uniform' ? rest : { ...rest, init: value })),
    values: initialisers.filter((name) => ['glorot_uniform', 'he_normal', 'lecun_normal', 'normal', 'zeros'].includes(name)),
    numeric: false,
  },
  dropout: {
    id: 'dropout',
    read: (spec) => common(layersOf(spec.model).flatMap((layer) => (layer.type === 'dropout' ? [layer.rate] : []))),
    write: (spec, value) => mapLayers(spec, ({ type }) => type === 'dropout', (layer) => ({ ...layer, rate: Number(value) })),
    values: [0, 0.2, 0.5, 0.8],
    numeric: true,
  },
  l2: {
    id: 'l2',
    read: (spec) => l2Of(spec.strategy),
    write: (spec, value) => ({ ...spec, strategy: withL2(spec.strategy, Number(value)) }),
    values: [0, 0.0001, 0.001, 0.01],
    numeric: true,
  },
  smoothing: {
    id: 'smoothing',
    read: (spec) => smoothingOf(spec.strategy),
    write: (spec, value) => ({ ...spec, strategy: withSmoothing(spec.strategy, Number(value)) }),
    values: [0, 0.05, 0.1, 0.2],
    numeric: true,
  },
  augment: {
    id: 'augment',
    read: (spec) => Boolean(spec.strategy.augment),
    write: (spec, value) => strategy(spec, { augment: value ? usualAugment : null }),
    values: [false, true],
    numeric: false,
  },
  clip: {
    id: 'clip',
    read: (spec) => clipOf(spec.strategy)?.value ?? 0,
    write: (spec, value) => ({ ...spec, strategy: withClip(spec.strategy, Number(value) > 0 ? { name: 'global_clipnorm', value: Number(value) } : undefined) }),
    values: [0, 0.1, 1, 10],
    numeric: true,
  },
  epochs: {
    id: 'epochs',
    read: (spec) => spec.strategy.epochs,
    write: (spec, value) => strategy(spec, { epochs: Number(value) }),
    values: [2, 5, 10, 20],
    numeric: true,
  },
  seed: { id: 'seed', read: (spec) => spec.seed, write: (spec, value) => ({ ...spec, seed: Number(value) }), values: [1, 2, 3, 4, 5], numeric: true },
  limit: {
    id: 'limit',
    read: (spec) => spec.data.limit ?? 0,
    write: (spec, value) => {
      const { limit: _, ...data } = spec.data;
      return { ...spec, data: Number(value) > 0 ? { ...data, limit: Number(value) } : data };
    },
    values: [100, 300, 1000, 3000, 0],
    numeric: true,
  },
  scale: {
    id: 'scale',
    // The page's digits are 0 to 1 as they are.
    read: (spec) => spec.data.prepare?.scale,
    write: (spec, value) => {
      const { prepare } = spec.data;
      const scale = scales.find((one) => one === value);
      return prepare && scale ? { ...spec, data: { ...spec.data, prepare: { ...prepare, scale } } } : spec;
    },
    values: scales,
    numeric: false,
  },
  activation: {
    id: 'activation',
    read: (spec) => common(layersOf(spec.model).filter(hidden(spec)).map((layer) => (layer as { activation: string }).activation)),
    write: (spec, value) => mapLayers(spec, hidden(spec), (layer) => ({ ...layer, activation: value })),
    values: ['relu', 'tanh', 'sigmoid', 'gelu'],
    numeric: false,
  },
};

/** The runs of a sweep: one for each value that makes a difference. */
export function sweep(spec: LabSpec, id: KnobId, values: readonly Value[]): LabSpec[] {
  return [...new Set(values)].map((value) => knobs[id].write(spec, value));
}
