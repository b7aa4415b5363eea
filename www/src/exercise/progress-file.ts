/**
 * The reader's progress as one file: what was submitted, solved and starred, unfinished code, hints opened, scratch
 * cells, clocks. Reading a file adds to what is here and overwrites nothing.
 */
import type { Attempt, Kept, Solved, Star } from './attempts.ts';
import { CLOCK_PREFIX, clockKey, parseClock, type Kept as ClockKept } from './clock.ts';
import { DRAFT_PREFIX, draftKey, parseDraft } from './drafts.ts';
import { SCRATCH_PREFIX, scratchKey } from './scratch.svelte.ts';

export const FORMAT = 'danlu-progress';
export const VERSION = 1;
const HINTS_PREFIX = 'danlu.hints.v1.';
const HINTS = 3;

export interface SavedDraft {
  exercise: string;
  code: string;
  savedAt: number;
}

export interface ProgressFile extends Kept {
  format: typeof FORMAT;
  version: typeof VERSION;
  saved_at: number;
  drafts: SavedDraft[];
  hints: Record<string, number>;
  scratch: Record<string, string>;
  clocks: Record<string, ClockKept>;
}

/** Why a file can't be read; the reader's sentence stands in strings under progress.file-<kind>. */
export class FileProblem extends Error {
  constructor(
    readonly kind: 'not-json' | 'not-ours' | 'newer' | 'damaged',
    readonly fields: Record<string, string | number> = {},
  ) {
    super(kind);
  }
}

function entries(storage: Storage, prefix: string): [string, string][] {
  const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '');
  return keys.filter((key) => key.startsWith(prefix)).sort().map((key) => [key.slice(prefix.length), storage.getItem(key) ?? '']);
}

export function makeFile(kept: Kept, storage: Storage, now: number): ProgressFile {
  const drafts = entries(storage, DRAFT_PREFIX).flatMap(([rest, text]) => {
    const draft = parseDraft(text);
    return draft ? [{ exercise: rest.slice(0, rest.indexOf('.')), ...draft }] : [];
  });
  const clocks = entries(storage, CLOCK_PREFIX).flatMap(([exercise, text]) => {
    const clock = parseClock(text);
    return clock ? [[exercise, clock] as const] : [];
  });
  return {
    format: FORMAT,
    version: VERSION,
    saved_at: now,
    ...kept,
    // Keys are this browser's own.
    attempts: kept.attempts.map(({ key: _, ...attempt }) => attempt),
    drafts,
    hints: Object.fromEntries(entries(storage, HINTS_PREFIX).map(([exercise, text]) => [exercise, Math.trunc(Number(text)) || 0])),
    scratch: Object.fromEntries(entries(storage, SCRATCH_PREFIX)),
    clocks: Object.fromEntries(clocks),
  };
}

type Fields = Record<string, unknown>;

const isText = (value: unknown): value is string => typeof value === 'string';
const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isName = (value: unknown): value is string => isText(value) && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(value);
const isTable = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

function list<T>(value: unknown, where: string, read: (item: Fields) => T | null): T[] {
  if (!Array.isArray(value)) throw new FileProblem('damaged', { where });
  return value.map((item, index) => {
    const found = isTable(item) ? read(item) : null;
    if (found === null) throw new FileProblem('damaged', { where: `${where}[${index}]` });
    return found;
  });
}

function table<T>(value: unknown, where: string, valid: (item: unknown) => item is T): Record<string, T> {
  if (!isTable(value)) throw new FileProblem('damaged', { where });
  for (const [name, item] of Object.entries(value)) {
    if (!isName(name) || !valid(item)) throw new FileProblem('damaged', { where: `${where}.${name}` });
  }
  return value as Record<string, T>;
}

function readAttempt(item: Fields): Attempt | null {
  const { exercise, at, code, status, passed, total, firstFailure, seed, ms, spent_ms, flavour } = item;
  const valid =
    isName(exercise) && isText(code) && ['passed', 'failed', 'not_run'].includes(status as string) &&
    [at, passed, total, seed, ms].every(isCount) && (firstFailure === null || isText(firstFailure)) && (spent_ms === undefined || isCount(spent_ms)) &&
    (flavour === undefined || flavour === 'torch');
  if (!valid) return null;
  const attempt = { exercise, at, code, status, passed, total, firstFailure, seed, ms } as Attempt;
  return { ...attempt, ...(spent_ms === undefined ? {} : { spent_ms: spent_ms as number }), ...(flavour === undefined ? {} : { flavour }) };
}

function readSolved({ exercise, at, best_ms }: Fields): Solved | null {
  if (!isName(exercise) || !isCount(at) || !(best_ms === undefined || isCount(best_ms))) return null;
  return best_ms === undefined ? { exercise, at } : { exercise, at, best_ms: best_ms as number };
}

function readStar({ exercise, on, at }: Fields): Star | null {
  return isName(exercise) && typeof on === 'boolean' && isCount(at) ? { exercise, on, at } : null;
}

function readDraft({ exercise, code, savedAt }: Fields): SavedDraft | null {
  return isName(exercise) && isText(code) && isCount(savedAt) ? { exercise, code, savedAt } : null;
}

/** The file as it should be, or a FileProblem that says what is wrong with it. */
export function parseFile(text: string): ProgressFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new FileProblem('not-json');
  }
  if (!isTable(value) || value.format !== FORMAT || !isCount(value.version)) throw new FileProblem('not-ours');
  if (value.version > VERSION) throw new FileProblem('newer', { version: value.version });
  const isClock = (item: unknown): item is ClockKept => parseClock(JSON.stringify(item)) !== null;
  return {
    format: FORMAT,
    version: VERSION,
    saved_at: isCount(value.saved_at) ? value.saved_at : 0,
    attempts: list(value.attempts, 'attempts', readAttempt),
    solved: list(value.solved, 'solved', readSolved),
    stars: list(value.stars, 'stars', readStar),
    drafts: list(value.drafts, 'drafts', readDraft),
    hints: table(value.hints, 'hints', isCount),
    scratch: table(value.scratch, 'scratch', isText),
    clocks: table(value.clocks, 'clocks', isClock),
  };
}

/** Puts what localStorage keeps of a file beside what is there; returns how many drafts were added. */
export function mergeStorage(file: ProgressFile, storage: Storage): number {
  let added = 0;
  const codes = new Map<string, Set<string>>();
  for (const [rest, text] of entries(storage, DRAFT_PREFIX)) {
    const exercise = rest.slice(0, rest.indexOf('.'));
    codes.set(exercise, (codes.get(exercise) ?? new Set()).add(parseDraft(text)?.code ?? ''));
  }
  for (const { exercise, code, savedAt } of file.drafts) {
    const known = codes.get(exercise) ?? new Set();
    if (known.has(code)) continue;
    // A slot of its own: no tab writes there, and the workbench offers it where it is newer.
    storage.setItem(draftKey(exercise, `file-${savedAt}-${added}`), JSON.stringify({ code, savedAt }));
    codes.set(exercise, known.add(code));
    added += 1;
  }
  for (const [exercise, opened] of Object.entries(file.hints)) {
    const present = Number(storage.getItem(HINTS_PREFIX + exercise)) || 0;
    storage.setItem(HINTS_PREFIX + exercise, String(Math.min(HINTS, Math.max(present, Math.trunc(opened)))));
  }
  for (const [exercise, text] of Object.entries(file.scratch)) {
    const present = storage.getItem(scratchKey(exercise)) ?? '';
    if (present === text || text === '') continue;
    // Two cells that differ become one with both.
    storage.setItem(scratchKey(exercise), present === '' ? text : present.includes(text) ? present : `${present.trimEnd()}\n\n${text}`);
  }
  for (const [exercise, clock] of Object.entries(file.clocks)) {
    const present = parseClock(storage.getItem(clockKey(exercise)));
    if (!present || (present.ms === 0 && present.state === 'counting')) storage.setItem(clockKey(exercise), JSON.stringify(clock));
  }
  return added;
}

/** Forgets what localStorage keeps of the reader's work. */
export function eraseStorage(storage: Storage): void {
  for (const prefix of [DRAFT_PREFIX, HINTS_PREFIX, SCRATCH_PREFIX, CLOCK_PREFIX]) {
    for (const [rest] of entries(storage, prefix)) storage.removeItem(prefix + rest);
  }
}
