import { describe, expect, it } from 'vitest';
import { KEY, loadBook } from './cards.ts';
import { Review } from './review.svelte.ts';

const NOON = new Date(2026, 10, 28, 12).getTime();
const QUESTIONS = [{ id: 'a' }, { id: 'b' }];

function store() {
  const kept: Record<string, string> = {};
  return { kept, getItem: (key: string) => kept[key] ?? null, setItem: (key: string, value: string) => void (kept[key] = value) };
}

describe('a session of cards', () => {
  it('asks, keeps each answer at once, and ends', () => {
    const kept = store();
    const review = new Review(QUESTIONS, kept, () => NOON);
    expect(review.asked).toBe('a');
    review.mark('easy');
    expect(Object.keys(loadBook(kept).cards)).toEqual(['a']);
    review.mark('easy');
    expect(review.asked).toBeNull();
    expect(review.answered).toBe(2);
    expect(review.nextWait()).toBeGreaterThan(86_400_000);
    expect(review.mark('good')).toBeNull();
  });

  it('takes an answer back, on disk too', () => {
    const kept = store();
    const review = new Review(QUESTIONS, kept, () => NOON);
    review.mark('again');
    review.undo();
    expect(review.asked).toBe('a');
    expect(loadBook(kept).cards).toEqual({});
    expect(review.canUndo).toBe(false);
    review.undo();
    expect(review.asked).toBe('a');
  });

  it('does not overwrite what another tab has answered', () => {
    const kept = store();
    const [one, other] = [new Review(QUESTIONS, kept, () => NOON), new Review(QUESTIONS, kept, () => NOON)];
    one.mark('easy');
    one.mark('easy');
    other.mark('good');
    expect(Object.keys(loadBook(kept).cards).sort()).toEqual(['a', 'b']);
  });

  it('goes on where nothing can be kept, and says so', () => {
    const refusing = { getItem: () => null, setItem: () => { throw new Error('full'); } };
    const review = new Review(QUESTIONS, refusing, () => NOON);
    review.mark('easy');
    expect(review.kept).toBe(false);
    expect(review.asked).toBe('b');
    review.mark('easy');
    expect(review.asked).toBeNull();
    expect(new Review(QUESTIONS, null, () => NOON).kept).toBe(false);
  });

  it('is kept under the name that progress files know', () => {
    const kept = store();
    new Review(QUESTIONS, kept, () => NOON).mark('good');
    expect(Object.keys(kept.kept)).toEqual([KEY]);
  });
});
