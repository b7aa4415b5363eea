/** One mock interview under way: its clock, and its events as they are written down. */
import { LIMIT_MS, outcome, type Event, type Mock, type Outcome } from './mock.ts';
import { saveMock } from './store.ts';

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
/** An event before its time is noted. */
type Happening = Event extends infer Each ? (Each extends Event ? Omit<Each, 'at'> : never) : never;

export class MockSession {
  readonly #store: Store;
  readonly #clock: () => number;
  #mock = $state.raw<Mock>(null!);
  #now = $state(0);
  /** Whether the browser keeps it. */
  kept = $state(true);

  constructor(mock: Mock, store: Store, clock: () => number) {
    this.#store = store;
    this.#clock = clock;
    this.#mock = mock;
    this.tick();
    this.#save();
  }

  get mock(): Mock {
    return this.#mock;
  }

  readonly outcome: Outcome = $derived.by(() => outcome(this.#mock, this.#now));
  readonly left_ms = $derived(LIMIT_MS - this.outcome.elapsed_ms);

  /** Called every second or so; when the time is up, the end is written down. */
  tick(): void {
    this.#now = Math.max(0, this.#clock() - this.#mock.startedAt);
    if (this.#now >= LIMIT_MS && !this.#mock.events.some(({ kind }) => kind === 'end')) this.#append({ at: LIMIT_MS, kind: 'end' } as Event);
  }

  note(happening: Happening): void {
    this.tick();
    if (this.outcome.over) return;
    this.#append({ at: this.#now, ...happening } as Event);
  }

  write(part: number, text: string): void {
    this.#mock = { ...this.#mock, notes: { ...this.#mock.notes, [part]: text } };
    this.#save();
  }

  #append(event: Event): void {
    this.#mock = { ...this.#mock, events: [...this.#mock.events, event] };
    this.#save();
  }

  #save(): void {
    this.kept = saveMock(this.#store, this.#mock);
  }
}
