/**
 * A mock interview: what is drawn for it, and what became of it. Everything that happens is an event with its time
 * since the start; the clock, the standing and the report are computed from these, so that a reload loses nothing.
 */
import type { ExerciseSummary } from '../../exercise/format.ts';
import type { QuestionSummary } from '../format.ts';

export const LIMIT_MS = 45 * 60_000;
export const LEVELS = ['junior', 'mid', 'senior'] as const;
export type Level = (typeof LEVELS)[number];
export type PartKind = 'exercise' | 'question' | 'case';

export interface Part {
  kind: PartKind;
  id: string;
}

/** `part` is the place of a part; `at` counts milliseconds since the start. */
export type Event =
  | { at: number; kind: 'open'; part: number }
  | { at: number; kind: 'pause' | 'resume' | 'end' }
  | { at: number; kind: 'hint'; part: number; hints: number }
  | { at: number; kind: 'name'; part: number; cause: number; right: boolean }
  | { at: number; kind: 'judged'; part: number; passed: number; total: number }
  | { at: number; kind: 'shown'; part: number }
  /** The points of the answer that the reader says they made. */
  | { at: number; kind: 'graded'; part: number; said: number[]; of: number };

export interface Mock {
  id: string;
  seed: string;
  level: Level;
  /** Milliseconds since 1970. */
  startedAt: number;
  parts: Part[];
  events: Event[];
  /** What the reader wrote to a question, by its place. */
  notes: Record<string, string>;
}

/** Which difficulties each level draws from, the first that has enough being taken. */
const DRAWN: Record<Level, Record<PartKind, string[]>> = {
  junior: { exercise: ['E'], question: ['E', 'M'], case: ['E', 'M'] },
  mid: { exercise: ['M'], question: ['M'], case: ['M', 'E'] },
  senior: { exercise: ['H'], question: ['H', 'M'], case: ['M', 'H'] },
};

/** A well-mixed number of a text (FNV-1a, then murmur's finish). */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text) value = Math.imul(value ^ character.codePointAt(0)!, 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

/** In an order that depends on the seed alone: what is added later changes a draw only where it comes first. */
function shuffled<T extends { id: string }>(items: T[], key: string): T[] {
  return [...items].sort((a, b) => hash(`${key}:${a.id}`) - hash(`${key}:${b.id}`) || a.id.localeCompare(b.id, 'en'));
}

/** One coding task, two questions of different topics, one case; the same for the same seed and level. */
export function draw(seed: string, level: Level, exercises: ExerciseSummary[], questions: QuestionSummary[]): Part[] {
  const wanted = DRAWN[level];
  const key = `${level}:${seed}`;
  const coding = exercises.filter(({ topic, difficulty }) => topic !== 'clinic' && wanted.exercise.includes(difficulty));
  const cases = exercises.filter(({ topic, difficulty }) => topic === 'clinic' && wanted.case.includes(difficulty));
  const asked = shuffled(questions.filter(({ level: hard }) => wanted.question.includes(hard)), key);
  const first = asked[0];
  const second = asked.find(({ topic }) => topic !== first?.topic);
  const [exercise] = shuffled(coding, key);
  const [clinic] = shuffled(cases, key);
  if (!exercise || !first || !second || !clinic) throw new Error(`nothing to draw from for ${level}`);
  return [
    { kind: 'exercise', id: exercise.id }, { kind: 'question', id: first.id },
    { kind: 'question', id: second.id }, { kind: 'case', id: clinic.id },
  ];
}

/** What became of one part. */
export interface Standing {
  spent_ms: number;
  hints: number;
  submissions: number;
  /** Of the best submission, or of the points of an answer. */
  passed: number;
  total: number;
  named: number[];
  /** Which attempt at the diagnosis was right, from 1; 0 when none was. */
  rightAt: number;
  shown: boolean;
  said: number[] | null;
  /** 0 to 100. */
  score: number;
  /** Enough for an interviewer to ask on. */
  isPassed: boolean;
}

export interface Pause {
  at: number;
  ms: number;
}

export interface Outcome {
  parts: Standing[];
  pauses: Pause[];
  elapsed_ms: number;
  over: boolean;
  paused: boolean;
  /** The part that is open. */
  current: number;
  /** 0 to 100. */
  score: number;
}

const PASS = 60;
const PER_HINT = 10;
const PER_MISDIAGNOSIS = 10;
const DIAGNOSIS = 30;
const UNSOLVED_MOST = 60;
export const WEIGHTS: Record<PartKind, number> = { exercise: 40, question: 15, case: 30 };

function scored(kind: PartKind, part: Standing): number {
  if (kind === 'question') return part.said === null ? 0 : Math.round((100 * part.said.length) / Math.max(1, part.total));
  const done = part.total === 0 ? 0 : part.passed === part.total ? 100 : (UNSOLVED_MOST * part.passed) / part.total;
  const diagnosed = part.rightAt === 0 ? 0 : Math.max(0, DIAGNOSIS - PER_MISDIAGNOSIS * (part.rightAt - 1));
  const whole = kind === 'case' ? (done * (100 - DIAGNOSIS)) / 100 + diagnosed : done;
  return Math.max(0, Math.round(whole - PER_HINT * part.hints));
}

/** Where a mock stands `now` milliseconds after its start. */
export function outcome(mock: Mock, now: number): Outcome {
  const parts: Standing[] = mock.parts.map(() => ({
    spent_ms: 0, hints: 0, submissions: 0, passed: 0, total: 0, named: [], rightAt: 0, shown: false, said: null, score: 0, isPassed: false,
  }));
  const pauses: Pause[] = [];
  const ended = mock.events.find(({ kind }) => kind === 'end')?.at;
  const until = Math.min(ended ?? now, LIMIT_MS);
  let current = 0;
  let since = 0;
  let pausedAt: number | null = null;
  const spend = (at: number) => {
    if (pausedAt === null) parts[current]!.spent_ms += Math.max(0, at - since);
    since = at;
  };
  for (const event of mock.events) {
    if (event.at > until) break;
    if (event.kind === 'open') {
      spend(event.at);
      current = event.part;
    } else if (event.kind === 'pause' && pausedAt === null) {
      spend(event.at);
      pausedAt = event.at;
    } else if (event.kind === 'resume' && pausedAt !== null) {
      pauses.push({ at: pausedAt, ms: event.at - pausedAt });
      pausedAt = null;
      since = event.at;
    } else if ('part' in event) {
      note(parts[event.part]!, event);
    }
  }
  if (pausedAt !== null) pauses.push({ at: pausedAt, ms: until - pausedAt });
  else spend(until);
  let score = 0;
  mock.parts.forEach(({ kind }, index) => {
    const part = parts[index]!;
    part.score = scored(kind, part);
    part.isPassed = kind === 'question' ? part.said !== null && part.score >= PASS : part.total > 0 && part.passed === part.total;
    score += (WEIGHTS[kind] * part.score) / 100;
  });
  const over = ended !== undefined || now >= LIMIT_MS;
  return { parts, pauses, elapsed_ms: until, over, paused: pausedAt !== null && !over, current, score: Math.round(score) };
}

function note(part: Standing, event: Extract<Event, { part: number }>): void {
  if (event.kind === 'hint') part.hints = Math.max(part.hints, event.hints);
  else if (event.kind === 'shown') part.shown = true;
  else if (event.kind === 'graded') Object.assign(part, { said: event.said, passed: event.said.length, total: event.of });
  else if (event.kind === 'name' && !part.named.includes(event.cause)) {
    part.named.push(event.cause);
    if (event.right && part.rightAt === 0) part.rightAt = part.named.length;
  } else if (event.kind === 'judged') {
    part.submissions += 1;
    if (event.passed >= part.passed) Object.assign(part, { passed: event.passed, total: event.total });
  }
}

const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';

/** Six letters that are easily read aloud. */
export function newSeed(random: () => number): string {
  return Array.from({ length: 6 }, () => LETTERS[Math.floor(random() * LETTERS.length)]).join('');
}

export const isSeed = (text: string): boolean => /^[a-z0-9]{1,12}$/.test(text);
