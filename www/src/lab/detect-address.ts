// What the detection room shows depends on this; it stands in the address, only what differs from the usual.
import { boxLosses, type BoxLoss } from '../../workers/detect/loss.ts';
import type { Placed } from '../../workers/detect/scenes.ts';

export const kinds = ['random', 'placed', 'drawn'] as const;
export const suppressions = ['class', 'any'] as const;

export interface Settings {
  steps: number;
  box: BoxLoss;
  seed: number;
  /** Of the scenes it is judged on: digits at most, and how often the next one overlaps another, in percent. */
  digits: number;
  crowd: number;
  scenes: number;
  /** What is looked at: a scene by number, digits that the reader has placed, or a drawing. */
  kind: (typeof kinds)[number];
  scene: number;
  placed: Placed[];
  /** In percent: boxes with less are not shown, and above which IoU NMS removes. */
  score: number;
  nms: number;
  /** Whether only boxes of one class remove each other. */
  by: (typeof suppressions)[number];
}

export const usual: Settings = { steps: 1200, box: 'giou', seed: 1, digits: 6, crowd: 40, scenes: 100, kind: 'random', scene: 1, placed: [], score: 30, nms: 50, by: 'class' };

export const bounds = {
  steps: [50, 5000], seed: [0, 4294967295], digits: [2, 10], crowd: [0, 100], scenes: [20, 300], scene: [1, 300], score: [5, 95], nms: [0, 100],
} as const satisfies Partial<Record<keyof Settings, readonly [number, number]>>;
const words: Partial<Record<keyof Settings, readonly string[]>> = { box: boxLosses, kind: kinds, by: suppressions };

export const placedMost = 12;
/** Of placed digits' ink. */
export const placedHeights = [12, 48] as const;
/** A fifth of the page's 10,000 digits is held out. */
export const heldOutDigits = 2000;

const inWords = (placed: readonly Placed[]) => placed.map(({ digit, x, y, height }) => [digit, x, y, height].join('.')).join('-');

function readPlaced(text: string): Placed[] | null {
  if (text === '') return [];
  const parts = text.split('-');
  if (parts.length > placedMost || !parts.every((part) => /^\d{1,5}\.\d{1,2}\.\d{1,2}\.\d{2}$/.test(part))) return null;
  const placed = parts.map((part): Placed => {
    const [digit, x, y, height] = part.split('.').map(Number) as [number, number, number, number];
    return { digit, x, y, height };
  });
  return placed.every(({ digit, height }) => digit < heldOutDigits && height >= placedHeights[0] && height <= placedHeights[1]) ? placed : null;
}

export function queryOf(settings: Settings): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of Object.keys(usual) as (keyof Settings)[]) {
    if (name === 'placed') {
      if (settings.placed.length > 0) query.set(name, inWords(settings.placed));
    } else if (settings[name] !== usual[name]) query.set(name, String(settings[name]));
  }
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
  const settings: Record<string, unknown> = { ...usual };
  const refused: Refusal[] = [];
  for (const [name, got] of query) {
    const range = (bounds as Record<string, readonly [number, number]>)[name];
    const choice = (words as Record<string, readonly string[]>)[name];
    if (range) {
      const number = /^\d{1,10}$/.test(got) ? Number(got) : NaN;
      if (number >= range[0] && number <= range[1]) settings[name] = number;
      else refused.push({ name, got, expected: range.join('–') });
    } else if (choice) {
      if (choice.includes(got)) settings[name] = got;
      else refused.push({ name, got, expected: choice.join(', ') });
    } else if (name === 'placed') {
      const placed = readPlaced(got);
      if (placed) settings[name] = placed;
      else refused.push({ name, got, expected: '17.30.40.28-…' });
    } else refused.push({ name, got, expected: Object.keys(usual).join(', ') });
  }
  return { settings: settings as unknown as Settings, refused };
}
