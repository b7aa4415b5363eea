// What a run of the room depends on, and how it stands in the address: only what differs from the usual.
import { topologies, type Topology } from '../../../workers/parallel/protocol.ts';
import type { PresetName } from '../presets.ts';
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

export type Bounds = [least: number, most: number];
export const bounds = { batch_size: [8, 1024], workers: [1, workersMost], epochs: [1, 50], limit: [100, 8000], seed: [0, 4294967295] } as const satisfies Partial<Record<keyof Settings, Bounds>>;
const words = { model: models, topology: topologies, policy: policies, grid: ['false', 'true'], compare: ['false', 'true'] } as const;

export function queryOf(settings: Settings): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of Object.keys(usual) as (keyof Settings)[]) if (settings[name] !== usual[name]) query.set(name, String(settings[name]));
  return query;
}

/** What an address says that cannot be. */
export interface Refusal {
  name: string;
  got: string;
  expected: string;
}

/** The settings of an address; what is wrong in it is the usual. */
export function settingsOf(query: URLSearchParams): { settings: Settings; refused: Refusal[] } {
  const settings: Record<string, string | number | boolean> = { ...usual };
  const refused: Refusal[] = [];
  for (const [name, got] of query) {
    const range = (bounds as Record<string, Bounds>)[name];
    const choice = (words as Record<string, readonly string[]>)[name];
    if (range) {
      const number = /^\d+$/.test(got) ? Number(got) : NaN;
      if (number >= range[0] && number <= range[1]) settings[name] = number;
      else refused.push({ name, got, expected: range.join('–') });
    } else if (choice) {
      if (!choice.includes(got)) refused.push({ name, got, expected: choice.join(', ') });
      else settings[name] = choice === words.grid || choice === words.compare ? got === 'true' : got;
    } else {
      refused.push({ name, got, expected: Object.keys(usual).join(', ') });
    }
  }
  return { settings: settings as unknown as Settings, refused };
}
