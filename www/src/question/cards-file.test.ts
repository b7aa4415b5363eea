import { describe, expect, it } from 'vitest';
import { answer, emptyBook, KEY, loadBook, saveBook } from './cards.ts';
import { cardsOf, eraseCards, mergeCards, readCards } from './cards-file.ts';

const NOON = new Date(2026, 10, 28, 12).getTime();

function store() {
  const kept: Record<string, string> = {};
  return {
    kept,
    getItem: (key: string) => kept[key] ?? null,
    setItem: (key: string, value: string) => void (kept[key] = value),
    removeItem: (key: string) => void delete kept[key],
  };
}

describe('the cards in a progress file', () => {
  it('go into another browser and keep what is there', () => {
    const [mine, other] = [store(), store()];
    saveBook(mine, answer(emptyBook(), 'a', 'good', NOON));
    saveBook(other, answer(emptyBook(), 'b', 'easy', NOON));
    const read = readCards(JSON.parse(JSON.stringify(cardsOf(mine))));
    mergeCards(read!, other);
    expect(Object.keys(loadBook(other).cards).sort()).toEqual(['a', 'b']);
    mergeCards(read!, other);
    expect(Object.keys(loadBook(other).cards)).toHaveLength(2);
  });

  it('of an older file are none, and damaged ones are told', () => {
    expect(readCards(undefined)).toEqual(emptyBook());
    expect(readCards({ version: 1, cards: { a: { due: 'soon' } }, days: {} })).toBeNull();
    expect(readCards('cards')).toBeNull();
  });

  it('are erased with the rest', () => {
    const mine = store();
    saveBook(mine, answer(emptyBook(), 'a', 'good', NOON));
    eraseCards(mine);
    expect(mine.kept[KEY]).toBeUndefined();
  });
});
