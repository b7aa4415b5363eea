// What each part of the room depends on, and how it stands in the address: the part, and what differs from the usual.
import { queryOf as plainQuery, settingsOf as readQuery, type Refusal, type Table } from '../query.ts';
import { featureNames, type Feature } from './features.ts';
import { lineKinds, planeKinds, pointsOf, type LineKind, type PlaneKind } from './points.ts';
import { readShapes } from './shapes.ts';

export type { Refusal };

export const parts = ['net', 'line', 'broken', 'shapes'] as const;
export type Part = (typeof parts)[number];
export const activations = ['tanh', 'relu', 'sigmoid', 'gelu', 'linear'] as const;
export const losses = ['bce', 'cce', 'mse'] as const;
export const optimizers = ['sgd', 'momentum', 'rmsprop', 'adam'] as const;
export const initialisers = ['glorot_uniform', 'he_normal', 'normal', 'zeros'] as const;
export const cases = ['mean', 'rate', 'log', 'stale'] as const;
export type Case = (typeof cases)[number];

export interface NetSettings {
  data: PlaneKind;
  classes: number;
  noise: number;
  count: number;
  seed: number;
  /** Per cent of the points that are kept from training. */
  kept: number;
  features: string;
  /** Units of each hidden layer, as `6-4`; empty for none. */
  layers: string;
  activation: (typeof activations)[number];
  init: (typeof initialisers)[number];
  loss: (typeof losses)[number];
  optimizer: (typeof optimizers)[number];
  rate: number;
  l1: number;
  l2: number;
  batch: number;
  /** The reader's own points. */
  points: string;
}

export interface LineSettings {
  data: LineKind;
  noise: number;
  count: number;
  seed: number;
  degree: number;
  /** Whether each power of x is brought to mean 0 and deviation 1. */
  scaled: boolean;
  ridge: number;
  rate: number;
  steps: number;
  points: string;
}

export interface BrokenSettings {
  case: Case;
  seed: number;
  /** The learning rate as a multiple of 2 / λ_max. */
  times: number;
  /** Logits; the first is the right class. */
  logits: string;
}

export interface ShapesSettings {
  shapes: string;
}

export interface Settings {
  net: NetSettings;
  line: LineSettings;
  broken: BrokenSettings;
  shapes: ShapesSettings;
}

export const usual: Settings = {
  net: {
    data: 'circles', classes: 2, noise: 0.15, count: 200, seed: 1, kept: 40, features: 'x-y', layers: '4-3', activation: 'tanh',
    init: 'glorot_uniform', loss: 'bce', optimizer: 'sgd', rate: 0.1, l1: 0, l2: 0, batch: 16, points: '',
  },
  line: { data: 'line', noise: 0.4, count: 24, seed: 1, degree: 1, scaled: false, ridge: 0, rate: 0.1, steps: 60, points: '' },
  broken: { case: 'mean', seed: 1, times: 1.1, logits: '0,104,-20' },
  shapes: { shapes: '8,1,6;7,1' },
};

export const mostUnits = 8;
export const mostLayers = 4;
export const mostDegree = 8;

export function layersOf(text: string): number[] {
  return text === '' ? [] : text.split('-').map(Number);
}

export function featuresIn(text: string): Feature[] {
  const named = text.split('-');
  return featureNames.filter((name) => named.includes(name));
}

export const logitsOf = (text: string): number[] => text.split(',').map(Number);

const few = (text: string) => text.split(';').length <= 200;

export const net: Table<NetSettings> = {
  usual: usual.net,
  bounds: { classes: [2, 4], noise: [0, 1], count: [4, 600], seed: [0, 999_999], kept: [0, 80], rate: [1e-5, 100], l1: [0, 10], l2: [0, 10], batch: [1, 600] },
  real: ['noise', 'rate', 'l1', 'l2'],
  words: { data: planeKinds, activation: activations, init: initialisers, loss: losses, optimizer: optimizers },
  texts: {
    features: { fits: (text) => text !== '' && text.split('-').every((name) => (featureNames as readonly string[]).includes(name)), expected: featureNames.join('-') },
    layers: {
      fits: (text) => text === '' || (/^\d(-\d)*$/.test(text) && layersOf(text).length <= mostLayers && layersOf(text).every((units) => units >= 1 && units <= mostUnits)),
      expected: '8-4',
    },
    points: { fits: (text) => pointsOf(text) !== null && few(text), expected: '1.5,-0.2,1;0,2,0' },
  },
};

export const line: Table<LineSettings> = {
  usual: usual.line,
  bounds: { noise: [0, 2], count: [2, 200], seed: [0, 999_999], degree: [1, mostDegree], ridge: [0, 100], rate: [1e-9, 1000], steps: [1, 2000] },
  real: ['noise', 'ridge', 'rate'],
  words: { data: lineKinds },
  texts: { points: { fits: (text) => pointsOf(text, 1) !== null && few(text), expected: '1.5,-0.2,0;0,2,0' } },
};

export const broken: Table<BrokenSettings> = {
  usual: usual.broken,
  bounds: { seed: [0, 999_999], times: [0.1, 3] },
  real: ['times'],
  words: { case: cases },
  texts: {
    logits: { fits: (text) => /^-?\d+(\.\d+)?(,-?\d+(\.\d+)?){1,4}$/.test(text) && logitsOf(text).every((z) => Math.abs(z) <= 1e6), expected: '0,60,-20' },
  },
};

export const shapes: Table<ShapesSettings> = {
  usual: usual.shapes,
  bounds: {},
  words: {},
  texts: { shapes: { fits: (text) => readShapes(text).problem === null, expected: '8,1,6;7,1' } },
};

const tables = { net, line, broken, shapes };

/** An address of one part: its name, and only what differs from the usual. */
export function queryOf(part: Part, settings: Settings): URLSearchParams {
  const own = plainQuery(tables[part] as Table<object>, settings[part]);
  return new URLSearchParams([['section', part], ...own]);
}

/** The settings of an address, on those that are there; what is wrong in it is the usual. */
export function settingsOf(query: URLSearchParams, settings: Settings): { part: Part; settings: Settings; refused: Refusal[] } {
  const named = query.get('section') ?? 'net';
  const part = parts.find((each) => each === named) ?? 'net';
  const own = new URLSearchParams([...query].filter(([name]) => name !== 'section'));
  const { settings: read, refused } = readQuery(tables[part] as Table<object>, own);
  if (part !== named) refused.unshift({ name: 'section', got: named, expected: parts.join(', ') });
  return { part, settings: { ...settings, [part]: read }, refused };
}
