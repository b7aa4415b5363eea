// One direction between two workers. Numbers go through memory that both share, and a message says that they are there;
// where nothing can be shared they go with the message. Whoever waits is woken by the message, so that it hears the page too.
import type { LinkEnd } from './protocol.ts';

export type Numbers = Float32Array | Float64Array;

/** What crosses: where in the memory of which phase; the numbers themselves where there is none. */
interface Note {
  phase: number;
  from: number;
  to: number;
  values?: Numbers;
}

/** A wait that nobody needs any more. */
export class Abandoned extends Error {
  override name = 'Abandoned';
}

export class Sender {
  sent_bytes = 0;
  readonly #views: Numbers[] | null;

  constructor(private readonly end: LinkEnd, grid: boolean) {
    this.#views = viewsOf(end, grid);
  }

  /**
   * Hands on a part of `values`. A phase's memory is written again in the next step only, which the receiver has to have
   * begun before anybody gets that far.
   */
  send(phase: number, values: Numbers, from: number, to: number): void {
    const part = values.subarray(from, to);
    const note: Note = { phase, from, to };
    if (this.#views) {
      this.#views[phase]!.set(part as Float64Array, from);
      this.end.port.postMessage(note);
    } else {
      const copy = part.slice();
      this.end.port.postMessage({ ...note, values: copy } satisfies Note, [copy.buffer]);
    }
    this.sent_bytes += part.byteLength;
  }

  close(): void {
    this.end.port.close();
  }
}

export class Receiver {
  received_bytes = 0;
  /** Since when it has been waited for, on performance's clock. */
  waiting_since: number | null = null;
  readonly #views: Numbers[] | null;
  readonly #arrived: Note[] = [];
  #wake: ((note: Note) => void) | null = null;
  #abandon: ((error: Abandoned) => void) | null = null;
  #closed = false;

  constructor(private readonly end: LinkEnd, grid: boolean) {
    this.#views = viewsOf(end, grid);
    end.port.onmessage = ({ data }: MessageEvent<Note>) => {
      const wake = this.#wake;
      // At once: another may come before whoever is woken runs.
      this.#wake = null;
      if (wake) wake(data);
      else this.#arrived.push(data);
    };
  }

  get name(): string {
    return this.end.name;
  }

  /** The next numbers, and where they belong. They are to be read at once. */
  async receive(): Promise<{ values: Numbers; from: number; to: number }> {
    const { phase, from, to, values } = this.#arrived.shift() ?? (await this.#next());
    const part = this.#views ? this.#views[phase]!.subarray(from, to) : values!;
    this.received_bytes += part.byteLength;
    return { values: part, from, to };
  }

  close(): void {
    this.#closed = true;
    this.end.port.close();
    this.#abandon?.(new Abandoned());
  }

  #next(): Promise<Note> {
    if (this.#closed) return Promise.reject(new Abandoned());
    this.waiting_since = performance.now();
    return new Promise<Note>((resolve, reject) => {
      this.#wake = resolve;
      this.#abandon = reject;
    }).finally(() => {
      this.#wake = null;
      this.#abandon = null;
      this.waiting_since = null;
    });
  }
}

function viewsOf({ memory }: LinkEnd, grid: boolean): Numbers[] | null {
  return memory && memory.map((shared) => (grid ? new Float64Array(shared) : new Float32Array(shared)));
}

/** Bytes of one phase's memory. */
export const bytesOf = (numbers: number, grid: boolean): number => numbers * (grid ? 8 : 4);
