/**
 * When each question comes up again: FSRS (the library ts-fsrs), kept in the browser.
 *
 * One entry of localStorage holds all cards, `{version, cards, days}`. What can't be read is set aside under another
 * name and never overwritten: it is somebody's months of practice.
 */
import { createEmptyCard, fsrs, Rating, State, TypeConvert, type Card, type Grade } from 'ts-fsrs';

export const KEY = 'danlu.cards.v1';
const UNREADABLE = 'danlu.cards.unreadable';
/** New questions in one day: more come back tomorrow than can be answered. */
export const NEW_PER_DAY = 8;

export type Mark = 'again' | 'hard' | 'good' | 'easy';
export const MARKS: readonly Mark[] = ['again', 'hard', 'good', 'easy'];
const GRADES: Record<Mark, Grade> = { again: Rating.Again, hard: Rating.Hard, good: Rating.Good, easy: Rating.Easy };

/** A card as it is stored: dates as milliseconds since 1970. */
interface Stored extends Omit<Card, 'due' | 'last_review'> {
  due: number;
  last_review: number | null;
}

export interface Book {
  version: 1;
  cards: Record<string, Stored>;
  /** How many cards were seen for the first time, by day (`2026-11-28`, the reader's own time zone). */
  days: Record<string, number>;
}

export type Standing = 'new' | 'learning' | 'due' | 'later';

type Store = Pick<Storage, 'getItem' | 'setItem'>;

const scheduler = fsrs({ enable_fuzz: false });

export function emptyBook(): Book {
  return { version: 1, cards: {}, days: {} };
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isStored = (value: unknown): value is Stored => {
  const card = value as Stored | null;
  return typeof card === 'object' && card !== null
    && [card.due, card.stability, card.difficulty, card.scheduled_days, card.reps, card.lapses, card.state].every(isNumber)
    && (card.last_review === null || isNumber(card.last_review));
};

/** The book in a text, or null where the text is none. */
export function readBook(text: string | null): Book | null {
  if (text === null) return null;
  try {
    const book = JSON.parse(text) as Book;
    if (book.version !== 1 || typeof book.cards !== 'object' || typeof book.days !== 'object') return null;
    return Object.values(book.cards).every(isStored) && Object.values(book.days).every(isNumber) ? book : null;
  } catch {
    return null;
  }
}

export function loadBook(store: Store | null): Book {
  const text = store?.getItem(KEY) ?? null;
  const book = readBook(text);
  if (book) return book;
  if (text !== null) store?.setItem(UNREADABLE, text);
  return emptyBook();
}

/** False where the browser keeps nothing; the session goes on all the same. */
export function saveBook(store: Store | null, book: Book): boolean {
  try {
    store?.setItem(KEY, JSON.stringify(book));
    return store !== null;
  } catch {
    return false;
  }
}

const revive = (stored: Stored): Card =>
  TypeConvert.card({ ...stored, due: new Date(stored.due), last_review: stored.last_review === null ? null : new Date(stored.last_review) });
const flatten = (card: Card): Stored => ({ ...card, due: card.due.getTime(), last_review: card.last_review?.getTime() ?? null });

export function dayOf(now: number): string {
  const date = new Date(now);
  const two = (number: number) => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

export function standing(book: Book, id: string, now: number): Standing {
  const card = book.cards[id];
  if (!card || card.state === State.New) return 'new';
  if (card.due <= now) return 'due';
  return card.state === State.Review ? 'later' : 'learning';
}

/** The book after `id` was answered at `now` with a mark; the book given is left as it was. */
export function answer(book: Book, id: string, mark: Mark, now: number): Book {
  const before = book.cards[id];
  const card = before ? revive(before) : createEmptyCard(new Date(now));
  const { card: after } = scheduler.next(card, new Date(now), GRADES[mark]);
  const day = dayOf(now);
  const days = before ? book.days : { ...book.days, [day]: (book.days[day] ?? 0) + 1 };
  return { ...book, cards: { ...book.cards, [id]: flatten(after) }, days };
}

/** For each mark, how many milliseconds until the question comes again. */
export function intervals(book: Book, id: string, now: number): Record<Mark, number> {
  const stored = book.cards[id];
  const preview = scheduler.repeat(stored ? revive(stored) : createEmptyCard(new Date(now)), new Date(now));
  const until = (mark: Mark) => preview[GRADES[mark]].card.due.getTime() - now;
  return { again: until('again'), hard: until('hard'), good: until('good'), easy: until('easy') };
}

/** A card that comes back within this time belongs to the same session. */
const SAME_SESSION_MS = 20 * 60_000;

/**
 * What to ask next: what is due, the longest overdue first; then new ones in the order of learning, up to the day's
 * share; then what was just learnt and returns within minutes. Null: nothing is left for now.
 */
export function nextCard(book: Book, ids: string[], now: number, newPerDay = NEW_PER_DAY): string | null {
  const due = ids.filter((id) => standing(book, id, now) === 'due').sort((a, b) => book.cards[a]!.due - book.cards[b]!.due);
  if (due[0] !== undefined) return due[0];
  if ((book.days[dayOf(now)] ?? 0) < newPerDay) {
    const fresh = ids.find((id) => standing(book, id, now) === 'new');
    if (fresh !== undefined) return fresh;
  }
  const soon = ids
    .filter((id) => standing(book, id, now) === 'learning' && book.cards[id]!.due <= now + SAME_SESSION_MS)
    .sort((a, b) => book.cards[a]!.due - book.cards[b]!.due);
  return soon[0] ?? null;
}

export interface Counts {
  due: number;
  fresh: number;
  known: number;
}

/** What waits today: due now, new ones that the day still allows, and what is safely known. */
export function counts(book: Book, ids: string[], now: number, newPerDay = NEW_PER_DAY): Counts {
  const of = (wanted: Standing) => ids.filter((id) => standing(book, id, now) === wanted).length;
  const room = Math.max(0, newPerDay - (book.days[dayOf(now)] ?? 0));
  return { due: of('due'), fresh: Math.min(of('new'), room), known: of('later') };
}

/** When the next card is due after `now`, or null. */
export function nextDue(book: Book, ids: string[], now: number): number | null {
  const dues = ids.map((id) => book.cards[id]?.due).filter((due): due is number => due !== undefined && due > now);
  return dues.length > 0 ? Math.min(...dues) : null;
}

/** The mark that the ticked points suggest. */
export function suggestedMark(ticked: number, of: number): Mark {
  if (of === 0 || ticked === 0) return 'again';
  if (ticked === of) return 'good';
  return ticked / of >= 0.5 ? 'hard' : 'again';
}

/** Two books as one, card by card: the one reviewed later wins. */
export function mergeBooks(a: Book, b: Book): Book {
  const cards = { ...a.cards };
  for (const [id, card] of Object.entries(b.cards)) {
    const mine = cards[id];
    if (!mine || (card.last_review ?? 0) > (mine.last_review ?? 0)) cards[id] = card;
  }
  const days = { ...a.days };
  for (const [day, count] of Object.entries(b.days)) days[day] = Math.max(days[day] ?? 0, count);
  return { version: 1, cards, days };
}
