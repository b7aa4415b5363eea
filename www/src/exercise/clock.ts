/**
 * How long the reader has worked on an exercise from its starting code. It counts while the page is in view and
 * something was done lately, and is written down every second, so that a reload loses nothing.
 */

/** Without a key, a click or a scroll for so long, the reader is taken to be elsewhere. */
const IDLE_MS = 90_000;
/** A gap between two ticks longer than this is sleep, not work. */
const GAP_MS = 5_000;

export interface Kept {
  ms: number;
  /** done: it was solved; the clock starts again with the starting code. aided: the solution was put in. */
  state: 'counting' | 'aided' | 'done';
}

export class Clock {
  readonly #storage: Storage;
  readonly #key: string;
  #kept: Kept;
  #tickedAt: number | null = null;
  #touchedAt = -Infinity;

  constructor(storage: Storage, exercise: string) {
    this.#storage = storage;
    this.#key = clockKey(exercise);
    this.#kept = parseClock(storage.getItem(this.#key)) ?? { ms: 0, state: 'counting' };
  }

  get ms(): number {
    return this.#kept.ms;
  }

  get state(): Kept['state'] {
    return this.#kept.state;
  }

  /** The reader did something. */
  touch(now: number): void {
    this.#touchedAt = now;
  }

  /** Called every second or so. */
  tick(now: number, inView: boolean): void {
    const passed = now - (this.#tickedAt ?? now);
    this.#tickedAt = now;
    if (this.#kept.state === 'done' || !inView || passed > GAP_MS || now - this.#touchedAt > IDLE_MS) return;
    this.#keep({ ...this.#kept, ms: this.#kept.ms + passed });
  }

  /** It is solved: the time it took, or null when that says nothing. */
  finish(): number | null {
    const { ms, state } = this.#kept;
    this.#keep({ ms, state: 'done' });
    return state === 'counting' ? Math.round(ms) : null;
  }

  /** The solution, or an attempt that passed, was put into the editor. */
  aid(): void {
    if (this.#kept.state === 'counting') this.#keep({ ...this.#kept, state: 'aided' });
  }

  /** The starting code is back: from here it counts anew. */
  restart(): void {
    this.#keep({ ms: 0, state: 'counting' });
  }

  #keep(kept: Kept): void {
    this.#kept = kept;
    try {
      this.#storage.setItem(this.#key, JSON.stringify(kept));
    } catch {
      // The time then lasts for this visit.
    }
  }
}

export const CLOCK_PREFIX = 'danlu.clock.v1.';
export const clockKey = (exercise: string): string => CLOCK_PREFIX + exercise;

export function parseClock(text: string | null): Kept | null {
  try {
    const value = JSON.parse(text ?? 'null') as Partial<Kept> | null;
    const { ms, state } = value ?? {};
    const valid = typeof ms === 'number' && Number.isFinite(ms) && ms >= 0 && ['counting', 'aided', 'done'].includes(state!);
    return valid ? { ms, state: state! } : null;
  } catch {
    return null;
  }
}

/** `3:07`, `1:02:45`. */
export function clockText(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
