/** What the clinic's monitor (www/exercises/instrument.py) tells of a training, step by step. */

export interface Histogram {
  low: number;
  high: number;
  counts: number[];
  /** How many values were no finite numbers. */
  broken: number;
}

export interface Layer {
  name: string;
  /** The norm of its gradient at each step; empty for a layer without parameters. */
  gradients: number[];
  /** As they were at `Recording.snapshots`, one for each. */
  weights: Histogram[];
  outputs: Histogram[];
}

/** A training so far. NaN and infinities stand in it as they came. */
export interface Recording {
  /** The budget. */
  of: number;
  steps: number;
  measures: Record<string, number[]>;
  layers: Layer[];
  /** Steps at which histograms were taken. */
  snapshots: number[];
}

interface Told {
  step: number;
  of: number;
  measures: Record<string, number>;
  layers: { name: string; gradient: number | null; weights: Histogram | null; outputs: Histogram | null }[];
}

const STEPS_MAX = 5000;
const LAYERS_MAX = 40;
const MEASURES_MAX = 8;
const BINS_MAX = 64;
const NAME_CHARACTERS_MAX = 60;
const NAMED: Record<string, number> = { nan: NaN, inf: Infinity, '-inf': -Infinity };

type Fields = Record<string, unknown>;
const isTable = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown, most: number): value is number => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most;

/** JSON knows no NaN, so that comes by its name; undefined for anything else. */
function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : typeof value === 'string' ? NAMED[value] : undefined;
}

function histogram(value: unknown): Histogram | null {
  if (!isTable(value)) return null;
  const { low, high, counts, broken } = value;
  const numbers = typeof low === 'number' && typeof high === 'number' && isCount(broken, 1e9);
  if (!numbers || !Array.isArray(counts) || counts.length > BINS_MAX || !counts.every((count) => isCount(count, 1e9))) return null;
  return { low, high, counts, broken };
}

/** What the learner's runtime says may be anything; null where it is not what the monitor tells. */
export function readWatch(json: string): Told | null {
  let said: unknown;
  try {
    said = (JSON.parse(json) as { watch?: unknown } | null)?.watch;
  } catch {
    return null;
  }
  if (!isTable(said) || !isCount(said.step, STEPS_MAX) || !isCount(said.of, STEPS_MAX) || !isTable(said.measures) || !Array.isArray(said.layers)) return null;
  const measures: Told['measures'] = {};
  for (const [name, value] of Object.entries(said.measures).slice(0, MEASURES_MAX)) {
    const read = number(value);
    if (read !== undefined && name.length <= NAME_CHARACTERS_MAX) measures[name] = read;
  }
  const layers = said.layers.filter(isTable).slice(0, LAYERS_MAX).map(({ name, gradient, weights, outputs }) => ({
    name: String(name).slice(0, NAME_CHARACTERS_MAX),
    gradient: number(gradient) ?? null,
    weights: histogram(weights),
    outputs: histogram(outputs),
  }));
  return { step: said.step, of: said.of, measures, layers };
}

const EMPTY: Recording = { of: 0, steps: 0, measures: {}, layers: [], snapshots: [] };

/** The recording with one more step; null when this is the first step of another training. */
export function record(before: Recording | null, { step, of, measures, layers }: Told): Recording | null {
  if (before && step === 0) return null;
  const kept = before ?? EMPTY;
  const taken = layers.some(({ outputs, weights }) => outputs || weights);
  return {
    of,
    steps: step + 1,
    measures: { ...kept.measures, ...Object.fromEntries(Object.entries(measures).map(([name, value]) => [name, [...(kept.measures[name] ?? []), value]])) },
    layers: layers.map(({ name, gradient, weights, outputs }) => {
      const own = kept.layers.find((layer) => layer.name === name) ?? { name, gradients: [], weights: [], outputs: [] };
      return {
        name,
        gradients: gradient === null ? own.gradients : [...own.gradients, gradient],
        weights: weights ? [...own.weights, weights] : own.weights,
        outputs: outputs ? [...own.outputs, outputs] : own.outputs,
      };
    }),
    snapshots: taken ? [...kept.snapshots, step] : kept.snapshots,
  };
}
