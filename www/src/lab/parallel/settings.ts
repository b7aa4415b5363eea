// What a run of the room depends on, and how it stands in the address: only what differs from the usual.
import { topologies, type Topology } from '../../../workers/parallel/protocol.ts';
import type { PresetName } from '../presets.ts';
import { queryOf as queryBy, settingsOf as settingsBy, type Table } from '../query.ts';
import type { Policy } from './crew.ts';

export const models = ['lenet', 'mlp', 'article', 'vgg'] as const satisfies PresetName[];
export const policies = ['survivors', 'replacement'] as const satisfies Policy[];
export const workersMost = 8;

export interface Settings {
  model: (typeof models)[number];
  batch_size: number;
  workers: number;
  topology: Topology;
  grid: boolean;
  policy: Policy;
  epochs: number;
  /** Digits to train on. */
  limit: number;
  seed: number;
  /** Whether one worker trains the same steps, by turns. */
  compare: boolean;
}

export const usual: Settings = { model: 'vgg', batch_size: 128, workers: 2, topology: 'ring', grid: true, policy: 'survivors', epochs: 2, limit: 2000, seed: 1, compare: true };

export const bounds = { batch_size: [8, 1024], workers: [1, workersMost], epochs: [1, 50], limit: [100, 8000], seed: [0, 4294967295] } as const satisfies Table<Settings>['bounds'];
const table: Table<Settings> = { usual, bounds, words: { model: models, topology: topologies, policy: policies } };

export const queryOf = (settings: Settings) => queryBy(table, settings);
export const settingsOf = (query: URLSearchParams) => settingsBy(table, query);
