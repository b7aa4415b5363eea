// What the room of mixed precision depends on, and how it stands in the address: only what differs from the usual.
import { networkNames } from '../../../workers/precision/networks.ts';
import { optimizerNames } from '../../../workers/precision/optimizer.ts';
import { wayNames, type Job, type WayName } from '../../../workers/precision/protocol.ts';
import { queryOf as queryBy, settingsOf as settingsBy, type Refusal, type Table } from '../query.ts';
import { readNumber } from './number.ts';

export interface Settings extends Omit<Job, 'weight' | 'ways'> {
  /** log2 of what the loss counts for. */
  weight: number;
  ways: readonly WayName[];
  /** The number under the microscope, as it was typed. */
  x: string;
}

export const usual: Settings = {
  network: 'autoencoder',
  optimizer: 'adam',
  rate: 0.001,
  batch_size: 64,
  steps: 300,
  seed: 1,
  weight: -8,
  static_scale: 12,
  first_scale: 16,
  interval: 40,
  master: true,
  ways: wayNames,
  x: '0.1',
};

/** Settings of their own that show one thing each; the rest is as usual. */
export const experiments = {
  pixels: {},
  same: { network: 'mlp', weight: 0 },
  tiny: { network: 'deep', weight: -20, steps: 200 },
  large: { network: 'mlp', weight: 0, static_scale: 24, first_scale: 32, steps: 150 },
  master: { network: 'mlp', weight: 0, rate: 0.0001, master: false, steps: 200 },
} as const satisfies Record<string, Partial<Settings>>;
export type Experiment = keyof typeof experiments;

export const settingsOf = (experiment: Experiment, { x, seed }: Settings): Settings => ({ ...usual, ...experiments[experiment], x, seed });

/** The experiment whose settings these are. */
export function experimentOf(settings: Settings): Experiment | null {
  const mine = queryOf(settings).toString();
  return (Object.keys(experiments) as Experiment[]).find((name) => queryOf(settingsOf(name, settings)).toString() === mine) ?? null;
}

export const jobOf = ({ x: _, weight, ways, ...rest }: Settings): Job => ({ ...rest, weight: 2 ** weight, ways: [...ways] });

export const bounds = {
  rate: [0.000001, 10],
  batch_size: [1, 256],
  steps: [10, 5000],
  seed: [0, 4294967295],
  weight: [-30, 6],
  static_scale: [0, 40],
  first_scale: [0, 40],
  interval: [1, 5000],
} as const satisfies Table<Settings>['bounds'];
const table: Table<Settings> = { usual, bounds, real: ['rate'], words: { network: networkNames, optimizer: optimizerNames } };

/** Parts of the room to which a link may scroll. */
export const sections = ['microscope', 'train', 'memory', 'overflow'] as const;
export type SectionId = (typeof sections)[number];

export interface Asked {
  settings: Settings;
  section: SectionId | undefined;
  refused: Refusal[];
}

export function queryOf(settings: Settings, section?: SectionId): URLSearchParams {
  const query = queryBy(table, settings);
  if (settings.ways.length < wayNames.length) query.set('ways', settings.ways.join(' '));
  else query.delete('ways');
  return section ? new URLSearchParams([['section', section], ...query]) : query;
}

/** What an address asks for; what is wrong in it is the usual. */
export function askedBy(query: URLSearchParams): Asked {
  const rest = new URLSearchParams(query);
  for (const name of ['section', 'ways', 'x']) rest.delete(name);
  const { settings, refused } = settingsBy(table, rest);
  /** Takes what the address says under a name, or tells that it cannot be. */
  function take<T>(name: string, expected: string, read: (got: string) => T | undefined): T | undefined {
    const got = query.get(name);
    const value = got === null ? undefined : read(got);
    if (got !== null && value === undefined) refused.push({ name, got, expected });
    return value;
  }
  const section = take('section', sections.join(', '), (got) => sections.find((each) => each === got));
  const x = take('x', '0.1, 2^-24, 1+2^-11, -inf', (got) => (readNumber(got) === null ? undefined : got)) ?? usual.x;
  const ways = take('ways', wayNames.join(' '), waysOf) ?? usual.ways;
  return { settings: { ...settings, x, ways }, section, refused };
}

function waysOf(text: string): readonly WayName[] | undefined {
  const asked = text.split(' ');
  const known = wayNames.filter((way) => asked.includes(way));
  return known.length > 0 && known.length === asked.length ? known : undefined;
}
