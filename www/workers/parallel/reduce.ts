// All-reduce: afterwards every worker holds the sum of all workers' arrays.
import { Receiver, Sender, type Numbers } from './link.ts';
import type { Place } from './protocol.ts';
import { chunkOf, ringRounds } from './rounds.ts';

/** Told of every turn from one activity to another. */
export type Clock = (activity: 'exchange' | 'wait') => void;

export class AllReduce {
  readonly #to: Sender[];
  readonly #from: Receiver[];

  constructor(private readonly place: Place, grid: boolean) {
    this.#to = place.to.map((end) => new Sender(end, grid));
    this.#from = place.from.map((end) => new Receiver(end, grid));
  }

  get sent_bytes(): number {
    return this.#to.reduce((sum, { sent_bytes }) => sum + sent_bytes, 0);
  }

  get received_bytes(): number {
    return this.#from.reduce((sum, { received_bytes }) => sum + received_bytes, 0);
  }

  /** Whoever has been waited for longest, and for how long. */
  get waiting(): { name: string; ms: number } | null {
    const now = performance.now();
    for (const { name, waiting_since } of this.#from) if (waiting_since !== null) return { name, ms: now - waiting_since };
    return null;
  }

  /** Replaces `values` by the sum. Rejects with Abandoned where it is closed meanwhile. */
  async run(values: Numbers, clock: Clock): Promise<void> {
    if (this.#from.length === 0) return;
    await (this.place.topology === 'ring' ? this.#ring(values, clock) : this.#star(values, clock));
  }

  close(): void {
    for (const end of [...this.#to, ...this.#from]) end.close();
  }

  async #ring(values: Numbers, clock: Clock): Promise<void> {
    const [to, from] = [this.#to[0]!, this.#from[0]!];
    const workers = this.place.workers;
    for (const { send, add } of ringRounds(this.place.rank, workers)) {
      clock('exchange');
      to.send(add ? 0 : 1, values, ...chunkOf(send, workers, values.length));
      clock('wait');
      const got = await from.receive();
      clock('exchange');
      if (add) addTo(values, got.values, got.from);
      else values.set(got.values as Float64Array, got.from);
    }
  }

  async #star(values: Numbers, clock: Clock): Promise<void> {
    clock('exchange');
    if (this.place.rank > 0) this.#to[0]!.send(0, values, 0, values.length);
    // The leader adds in the order of ranks, whoever comes first.
    for (const from of this.#from) {
      clock('wait');
      const got = await from.receive();
      clock('exchange');
      if (this.place.rank === 0) addTo(values, got.values, 0);
      else values.set(got.values as Float64Array);
    }
    if (this.place.rank === 0) for (const to of this.#to) to.send(0, values, 0, values.length);
  }
}

function addTo(values: Numbers, more: Numbers, from: number): void {
  for (let at = 0; at < more.length; at++) values[from + at]! += more[at]!;
}
