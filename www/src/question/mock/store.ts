/** The mock interviews of this browser, and as a part of the reader's progress file. */
import { LEVELS, isSeed, type Event, type Level, type Mock, type Part } from './mock.ts';

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export const KEY = 'danlu.mocks.v1';
const MOCKS_MAX = 500;
const EVENTS_MAX = 2000;

type Fields = Record<string, unknown>;
const isTable = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isName = (value: unknown): value is string => typeof value === 'string' && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(value);

function isPart(value: unknown): value is Part {
  return isTable(value) && isName(value.id) && ['exercise', 'question', 'case'].includes(value.kind as string);
}

function isEvent(value: unknown, parts: number): value is Event {
  if (!isTable(value) || !isCount(value.at)) return false;
  const { kind, part } = value;
  if (kind === 'pause' || kind === 'resume' || kind === 'end') return true;
  if (!isCount(part) || !Number.isInteger(part) || part >= parts) return false;
  if (kind === 'open' || kind === 'shown') return true;
  if (kind === 'hint') return isCount(value.hints);
  if (kind === 'name') return isCount(value.cause) && typeof value.right === 'boolean';
  if (kind === 'judged') return isCount(value.passed) && isCount(value.total);
  return kind === 'graded' && isCount(value.of) && Array.isArray(value.said) && value.said.every(isCount);
}

function isMock(value: unknown): value is Mock {
  if (!isTable(value)) return false;
  const { id, seed, level, startedAt, parts, events, notes } = value;
  const head = isName(id) && typeof seed === 'string' && isSeed(seed) && LEVELS.includes(level as Level) && isCount(startedAt);
  if (!head || !Array.isArray(parts) || parts.length === 0 || !parts.every(isPart)) return false;
  return (
    Array.isArray(events) && events.length <= EVENTS_MAX && events.every((event) => isEvent(event, parts.length)) &&
    isTable(notes) && Object.values(notes).every((text) => typeof text === 'string')
  );
}

/** Null where it is no list of mocks; an older file has none. */
export function readMocks(value: unknown): Mock[] | null {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) && value.length <= MOCKS_MAX && value.every(isMock) ? value : null;
}

/** Newest first. */
export function loadMocks(store: Store): Mock[] {
  try {
    return readMocks(JSON.parse(store.getItem(KEY) ?? 'null')) ?? [];
  } catch {
    return [];
  }
}

/** False where the browser keeps nothing. */
export function saveMock(store: Store, mock: Mock): boolean {
  const others = loadMocks(store).filter(({ id }) => id !== mock.id);
  return save(store, [mock, ...others]);
}

function save(store: Store, mocks: Mock[]): boolean {
  const sorted = [...mocks].sort((a, b) => b.startedAt - a.startedAt).slice(0, MOCKS_MAX);
  try {
    store.setItem(KEY, JSON.stringify(sorted));
    return true;
  } catch {
    return false;
  }
}

/** Of two accounts of one mock the longer is kept. */
export function mergeMocks(more: Mock[], store: Store): void {
  const all = new Map(loadMocks(store).map((mock) => [mock.id, mock]));
  for (const mock of more) if ((all.get(mock.id)?.events.length ?? -1) < mock.events.length) all.set(mock.id, mock);
  save(store, [...all.values()]);
}

export function eraseMocks(store: Store): void {
  store.removeItem(KEY);
}
