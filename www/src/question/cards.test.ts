import { describe, expect, it } from 'vitest';
import { answer, counts, dayOf, emptyBook, intervals, KEY, loadBook, mergeBooks, NEW_PER_DAY, nextCard, nextDue, saveBook, standing, suggestedMark } from './cards.ts';

const DAY = 86_400_000;
const NOON = new Date(2026, 10, 28, 12).getTime();
const IDS = ['a', 'b', 'c'];

function store(start: Record<string, string> = {}) {
  const kept = { ...start };
  return { kept, getItem: (key: string) => kept[key] ?? null, setItem: (key: string, value: string) => void (kept[key] = value) };
}

describe('the cards', () => {
  it('begin as new ones, in the order of learning', () => {
    expect(nextCard(emptyBook(), IDS, NOON)).toBe('a');
    expect(standing(emptyBook(), 'a', NOON)).toBe('new');
  });

  it('come back later the better they were known', () => {
    const wait = intervals(emptyBook(), 'a', NOON);
    expect(wait.again).toBeLessThan(wait.good);
    expect(wait.good).toBeLessThan(wait.easy);
    expect(wait.easy).toBeGreaterThan(DAY);
  });

  it('announce the very time at which they then come', () => {
    for (const mark of ['again', 'hard', 'good', 'easy'] as const) {
      const after = answer(emptyBook(), 'a', mark, NOON);
      expect(after.cards.a!.due - NOON).toBe(intervals(emptyBook(), 'a', NOON)[mark]);
    }
  });

  it('ask what is due before what is new', () => {
    const book = answer(emptyBook(), 'b', 'easy', NOON - 60 * DAY);
    expect(standing(book, 'b', NOON)).toBe('due');
    expect(nextCard(book, IDS, NOON)).toBe('b');
  });

  it('stop at the day’s share of new ones, and go on the next day', () => {
    const ids = Array.from({ length: NEW_PER_DAY + 2 }, (_, place) => `q${place}`);
    let book = emptyBook();
    for (const id of ids.slice(0, NEW_PER_DAY)) book = answer(book, id, 'easy', NOON);
    expect(counts(book, ids, NOON)).toEqual({ due: 0, fresh: 0, known: NEW_PER_DAY });
    expect(nextCard(book, ids, NOON)).toBeNull();
    expect(nextCard(book, ids, NOON + DAY)).toBe(`q${NEW_PER_DAY}`);
    expect(nextDue(book, ids, NOON)).toBeGreaterThan(NOON + DAY);
  });

  it('that were forgotten come again in the same session', () => {
    const book = answer(emptyBook(), 'a', 'again', NOON);
    expect(standing(book, 'a', NOON)).toBe('learning');
    expect(nextCard(book, ['a'], NOON + 1000)).toBe('a');
  });

  it('leave the book they were given as it was, so that an answer can be undone', () => {
    const before = answer(emptyBook(), 'a', 'good', NOON);
    const copy = JSON.stringify(before);
    answer(before, 'a', 'again', NOON + DAY);
    expect(JSON.stringify(before)).toBe(copy);
  });

  it('outlive a reload', () => {
    const kept = store();
    const book = answer(emptyBook(), 'a', 'good', NOON);
    expect(saveBook(kept, book)).toBe(true);
    expect(loadBook(kept)).toEqual(book);
    expect(answer(loadBook(kept), 'a', 'good', NOON + DAY)).toEqual(answer(book, 'a', 'good', NOON + DAY));
  });

  it.each(['{', '{"version":2,"cards":{},"days":{}}', '{"version":1,"cards":{"a":{"due":"soon"}},"days":{}}'])(
    'set aside what cannot be read: %s',
    (text) => {
      const kept = store({ [KEY]: text });
      expect(loadBook(kept)).toEqual(emptyBook());
      expect(Object.values(kept.kept)).toContain(text);
      saveBook(kept, emptyBook());
      expect(kept.kept['danlu.cards.unreadable']).toBe(text);
    },
  );

  it('of two browsers merge card by card, the later review winning', () => {
    const old = answer(emptyBook(), 'a', 'again', NOON);
    const young = answer(old, 'a', 'good', NOON + DAY);
    const other = answer(emptyBook(), 'b', 'good', NOON);
    expect(mergeBooks(young, old).cards.a).toEqual(young.cards.a);
    expect(mergeBooks(old, young).cards.a).toEqual(young.cards.a);
    expect(Object.keys(mergeBooks(young, other).cards).sort()).toEqual(['a', 'b']);
    expect(mergeBooks(old, other).days[dayOf(NOON)]).toBe(1);
  });

  it('suggest a mark by the points that were said', () => {
    expect([0, 1, 2, 3, 4].map((ticked) => suggestedMark(ticked, 4))).toEqual(['again', 'again', 'hard', 'hard', 'good']);
  });
});
