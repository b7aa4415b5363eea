/** A session of cards: which question is asked, what was answered, and the way back. */
import { answer, intervals, loadBook, MARKS, nextCard, nextDue, saveBook, type Book, type Mark } from './cards.ts';
import type { QuestionSummary } from './format.ts';

type Store = Pick<Storage, 'getItem' | 'setItem'>;

interface Step {
  id: string;
  book: Book;
}

export class Review {
  readonly #ids: string[];
  readonly #store: Store | null;
  readonly #now: () => number;
  #past: Step[] = [];

  #book = $state.raw<Book>(loadBook(null));
  /** The question that is asked; null: nothing is left for now. */
  asked = $state<string | null>(null);
  answered = $state(0);
  /** False once the browser refused to keep an answer. */
  kept = $state(true);

  constructor(questions: Pick<QuestionSummary, 'id'>[], store: Store | null, now: () => number) {
    this.#ids = questions.map(({ id }) => id);
    this.#store = store;
    this.#now = now;
    this.#book = loadBook(store);
    this.kept = store !== null;
    this.asked = nextCard(this.#book, this.#ids, now());
  }

  get canUndo(): boolean {
    return this.answered > 0;
  }

  /** For each mark, how long until the question comes again, in milliseconds. */
  waits(): Record<Mark, number> | null {
    return this.asked === null ? null : intervals(this.#book, this.asked, this.#now());
  }

  /** Marks what is asked and goes on; gives how long until it comes again. */
  mark(mark: Mark): number | null {
    if (this.asked === null || !MARKS.includes(mark)) return null;
    const id = this.asked;
    // Another tab may have answered since: its cards are not to be lost.
    const before = this.kept ? loadBook(this.#store) : this.#book;
    this.#past.push({ id, book: before });
    this.#keep(answer(before, id, mark, this.#now()));
    this.answered += 1;
    this.asked = nextCard(this.#book, this.#ids, this.#now());
    return this.#book.cards[id]!.due - this.#now();
  }

  undo(): void {
    const last = this.#past.pop();
    if (!last) return;
    this.#keep(last.book);
    this.answered -= 1;
    this.asked = last.id;
  }

  /** How long until the next question is due, or null. */
  nextWait(): number | null {
    const due = nextDue(this.#book, this.#ids, this.#now());
    return due === null ? null : due - this.#now();
  }

  #keep(book: Book) {
    this.#book = book;
    if (!saveBook(this.#store, book)) this.kept = false;
  }
}
