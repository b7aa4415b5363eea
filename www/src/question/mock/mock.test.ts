import { describe, expect, it } from 'vitest';
import type { ExerciseSummary } from '../../exercise/format.ts';
import type { QuestionSummary } from '../format.ts';
import { LIMIT_MS, draw, isSeed, newSeed, outcome, type Event, type Mock } from './mock.ts';
import { eraseMocks, loadMocks, mergeMocks, readMocks, saveMock } from './store.ts';

const exercise = (id: string, topic: string, difficulty: string) => ({ id, topic, difficulty }) as unknown as ExerciseSummary;
const question = (id: string, topic: string, level: string) => ({ id, topic, level }) as unknown as QuestionSummary;
const exercises = ['E', 'M', 'H'].flatMap((hard) => [1, 2, 3, 4, 5].flatMap((at) => [exercise(`x${hard}${at}`, 'cnn', hard), exercise(`c${hard}${at}`, 'clinic', hard)]));
const questions = ['E', 'M', 'H'].flatMap((hard) => [1, 2, 3, 4, 5, 6].map((at) => question(`q${hard}${at}`, at % 2 ? 'basics' : 'cnn', hard)));

describe('what is drawn', () => {
  it('is the same for one seed and level, of the level, and of two topics', () => {
    const parts = draw('abc123', 'mid', exercises, questions);
    expect(draw('abc123', 'mid', [...exercises].reverse(), [...questions].reverse())).toEqual(parts);
    expect(parts.map(({ kind }) => kind)).toEqual(['exercise', 'question', 'question', 'case']);
    expect(parts[0]!.id).toMatch(/^xM/);
    const topics = parts.slice(1, 3).map(({ id }) => questions.find((each) => each.id === id)!.topic);
    expect(new Set(topics).size).toBe(2);
  });

  it('differs from seed to seed and stays where something is added that comes later', () => {
    const draws = new Set(Array.from({ length: 40 }, (_, seed) => JSON.stringify(draw(`s${seed}`, 'mid', exercises, questions))));
    expect(draws.size).toBeGreaterThan(30);
    const kept = Array.from({ length: 40 }, (_, seed) => draw(`s${seed}`, 'senior', exercises, questions)[0]!.id === draw(`s${seed}`, 'senior', [...exercises, exercise('new', 'cnn', 'H')], questions)[0]!.id);
    expect(kept.filter(Boolean).length).toBeGreaterThan(25);
  });

  it('says so where there is nothing to draw from', () => expect(() => draw('a', 'mid', [], questions)).toThrow(/mid/));
  it('makes seeds that it takes', () => {
    let state = 1;
    for (let k = 0; k < 20; k += 1) expect(isSeed(newSeed(() => (state = (state * 7919) % 10007) / 10007))).toBe(true);
    expect(isSeed('A b')).toBe(false);
  });
});

const mock = (events: Event[]): Mock => ({
  id: 'mid-abc-1', seed: 'abc', level: 'mid', startedAt: 1000, events, notes: {},
  parts: [{ kind: 'exercise', id: 'adam' }, { kind: 'question', id: 'why-warm-up' }, { kind: 'question', id: 'zero-init' }, { kind: 'case', id: 'loss-nan' }],
});
const minute = 60_000;

describe('what became of it', () => {
  it('counts the time of each part, and pauses for themselves, while the clock goes on', () => {
    const { parts, pauses, elapsed_ms, paused } = outcome(mock([
      { at: 10 * minute, kind: 'open', part: 3 }, { at: 12 * minute, kind: 'pause' }, { at: 15 * minute, kind: 'resume' }, { at: 20 * minute, kind: 'open', part: 1 },
    ]), 21 * minute);
    expect(parts.map(({ spent_ms }) => spent_ms / minute)).toEqual([10, 1, 0, 7]);
    expect(pauses).toEqual([{ at: 12 * minute, ms: 3 * minute }]);
    expect([elapsed_ms, paused]).toEqual([21 * minute, false]);
  });

  it('ends with the time, even if nobody looked, and a pause with it', () => {
    const { over, elapsed_ms, pauses, paused } = outcome(mock([{ at: 40 * minute, kind: 'pause' }]), 100 * minute);
    expect([over, elapsed_ms, paused]).toEqual([true, LIMIT_MS, false]);
    expect(pauses).toEqual([{ at: 40 * minute, ms: 5 * minute }]);
    const late = outcome(mock([{ at: 46 * minute, kind: 'judged', part: 0, passed: 5, total: 5 }]), 50 * minute);
    expect(late.parts[0]!.isPassed).toBe(false);
  });

  it('takes the best submission, and something off for each hint and each wrong diagnosis', () => {
    const { parts, score } = outcome(mock([
      { at: 1, kind: 'judged', part: 0, passed: 5, total: 10 }, { at: 2, kind: 'hint', part: 0, hints: 1 },
      { at: 3, kind: 'judged', part: 0, passed: 10, total: 10 }, { at: 4, kind: 'judged', part: 0, passed: 2, total: 10 },
      { at: 5, kind: 'graded', part: 1, said: [0, 2], of: 4 }, { at: 6, kind: 'name', part: 3, cause: 1, right: false },
      { at: 7, kind: 'name', part: 3, cause: 1, right: false }, { at: 8, kind: 'name', part: 3, cause: 0, right: true },
      { at: 9, kind: 'judged', part: 3, passed: 6, total: 6 }, { at: 10, kind: 'end' },
    ]), minute);
    expect(parts.map((part) => part.score)).toEqual([90, 50, 0, 90]);
    expect(parts.map(({ isPassed }) => isPassed)).toEqual([true, false, false, true]);
    expect(parts[3]!.rightAt).toBe(2);
    expect(score).toBe(Math.round(36 + 7.5 + 0 + 27));
  });
});

describe('mocks in the browser and in a file', () => {
  const memory = () => {
    const kept = new Map<string, string>();
    return { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, text: string) => void kept.set(key, text), removeItem: (key: string) => void kept.delete(key) };
  };

  it('are kept newest first, and merged so that the longer account stays', () => {
    const store = memory();
    saveMock(store, mock([]));
    saveMock(store, { ...mock([]), id: 'later', startedAt: 2000 });
    expect(loadMocks(store).map(({ id }) => id)).toEqual(['later', 'mid-abc-1']);
    mergeMocks([mock([{ at: 5, kind: 'end' }]), { ...mock([]), id: 'later', startedAt: 2000 }], store);
    expect(loadMocks(store).map(({ events }) => events.length)).toEqual([0, 1]);
    eraseMocks(store);
    expect(loadMocks(store)).toEqual([]);
  });

  it('are refused where they are damaged', () => {
    expect(readMocks(undefined)).toEqual([]);
    expect(readMocks([mock([{ at: 1, kind: 'graded', part: 1, said: [0], of: 4 }])])).toHaveLength(1);
    for (const damaged of [3, [{}], [{ ...mock([]), level: 'king' }], [mock([{ at: 1, kind: 'open', part: 9 }])], [mock([{ at: 1, kind: 'dance' } as unknown as Event])]]) expect(readMocks(damaged)).toBeNull();
  });
});
