// What a fine-tuning depends on, in the page's address: `set=1.<packed>`. The number is the version of what is packed.
// A base out of a file cannot stand there; its settings can.
import { pack, unpack } from '../state/share.ts';
import type { Stage, Task } from './finetune.svelte.ts';
import { bounds, usual, type Settings } from './finetune-settings.ts';
import type { Preparation } from './spec.ts';

const version = '1';

export interface Shared {
  settings: Settings;
  task: Task;
  seeds: number;
}

export async function writeSettings(shared: Shared): Promise<string> {
  return `${version}.${await pack(JSON.stringify(shared))}`;
}

/** Sections with headings of their own that a link may lead to. */
const sections = ['lora'] as const;

/** What a link from an exercise asks for beside settings: `section=lora&task=paper`. */
export function wantedBy(query: URLSearchParams): { section: (typeof sections)[number] | undefined; task: 'fresh' | 'paper' | undefined } {
  const task = query.get('task');
  return { section: sections.find((each) => each === query.get('section')), task: task === 'fresh' || task === 'paper' ? task : undefined };
}

type Fields = Record<string, unknown>;
const isNumber = (value: unknown, least: number, most: number): value is number => typeof value === 'number' && value >= least && value <= most;
const isCount = (value: unknown, least: number, most: number): value is number => isNumber(value, least, most) && Number.isInteger(value);
const isRate = (value: unknown): value is number => isNumber(value, 1e-12, 10);

/** Null where the address is another page's, cut short, or asks for what the fields would not take. */
export async function readSettings(text: string): Promise<Shared | null> {
  const [mark, packed] = [text.slice(0, text.indexOf('.')), text.slice(text.indexOf('.') + 1)];
  const json = mark === version ? await unpack(packed) : null;
  if (json === null) return null;
  try {
    const { settings, task, seeds } = JSON.parse(json) as Fields;
    const own = settingsOf(settings as Fields);
    const what = taskOf(task as Fields);
    return own && what && isCount(seeds, 1, 5) ? { settings: own, task: what, seeds } : null;
  } catch {
    return null;
  }
}

function settingsOf({ perClass, units, batch_size, seed, stages, norms, cached, scratchRate, lora }: Fields): Settings | null {
  const fits =
    isCount(perClass, 1, 1e6) && isCount(units, 1, 4096) && isCount(batch_size, 1, 256) && isCount(seed, 0, 4294967000) &&
    (norms === 'still' || norms === 'moving') && typeof cached === 'boolean' && isRate(scratchRate) && Array.isArray(stages) && stages.length > 0 && stages.length <= 20;
  if (!fits) return null;
  const own = stages.map((stage) => stageOf(stage as Fields));
  // An address from before there was LoRA here says nothing of it.
  const sides = lora === undefined ? usual.lora : loraOf(lora as Fields);
  return sides && own.every((stage) => stage !== null) ? { perClass, units, batch_size, seed, stages: own, norms, cached, scratchRate, lora: sides } : null;
}

function loraOf({ rank, alpha, open, rate }: Fields): Settings['lora'] | null {
  return isCount(rank, ...bounds.rank) && isNumber(alpha, ...bounds.alpha) && isCount(open, 1, 100) && isRate(rate) ? { rank, alpha, open, rate } : null;
}

function stageOf({ open, epochs, rate }: Fields): Stage | null {
  return isCount(open, 0, 100) && isCount(epochs, 1, 500) && isRate(rate) ? { open, epochs, rate } : null;
}

function taskOf({ kind, data }: Fields): Task | null {
  if (kind === 'fresh' || kind === 'paper') return { kind };
  const { name, hash, prepare } = (data ?? {}) as Fields;
  if (kind !== 'own' || typeof name !== 'string' || typeof hash !== 'string') return null;
  if (prepare === undefined) return { kind, data: { name, hash } };
  const own = preparationOf(prepare as Fields);
  return own && { kind, data: { name, hash, prepare: own } };
}

function preparationOf({ heldOut, seed, scale, classes }: Fields): Preparation | null {
  const isScale = scale === 'unit' || scale === 'standard' || scale === 'raw';
  if (!isScale || !isCount(seed, 0, 4294967295) || !(heldOut === 'own' || isNumber(heldOut, 0, 1))) return null;
  if (classes === undefined) return { heldOut, seed, scale };
  return Array.isArray(classes) && classes.every((each) => isCount(each, 0, 1e5)) ? { heldOut, seed, scale, classes: classes as number[] } : null;
}
