/** The cards as a part of the reader's progress file. */
import { emptyBook, KEY, loadBook, mergeBooks, readBook, saveBook, type Book } from './cards.ts';

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** What a progress file holds of the cards. */
export function cardsOf(store: Store): Book {
  return loadBook(store);
}

/** The book in a file's field, an empty one where an older file has none; null where the field is damaged. */
export function readCards(value: unknown): Book | null {
  return value === undefined ? emptyBook() : readBook(JSON.stringify(value));
}

/** Adds a file's cards to those that are here; the later review of each wins. */
export function mergeCards(book: Book, store: Store): void {
  saveBook(store, mergeBooks(loadBook(store), book));
}

export function eraseCards(store: Store): void {
  store.removeItem(KEY);
}
