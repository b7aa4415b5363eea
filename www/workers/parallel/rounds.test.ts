import { describe, expect, it } from 'vitest';
import { places } from '../../src/lab/parallel/places.ts';
import type { Numbers } from './link.ts';
import { AllReduce } from './reduce.ts';
import { topologies, type Topology } from './protocol.ts';
import { chunkOf, ringBytes, ringRounds, sentByFormula, shareOut } from './rounds.ts';

const numbers = 840; // 1 to 8 divide it.

/** All-reduces of as many workers in this one thread, through real ports; what each held and how many bytes it counted. */
async function reduceAll(topology: Topology, arrays: Numbers[], { shared = false, grid = true } = {}) {
  const names = arrays.map((_, rank) => String(rank));
  const memory = shared ? { numbers: arrays[0]!.length, grid } : null;
  const ends = places(names, { topology, shards: 8, patience_ms: 1000, memory }).map((place) => new AllReduce(place, grid));
  try {
    // Twice, because the memory of the first is written again.
    for (let step = 0; step < 2; step++) await Promise.all(ends.map((end, rank) => end.run(arrays[rank]!, () => {})));
    return ends.map(({ sent_bytes, received_bytes }) => ({ sent: sent_bytes / 2, received: received_bytes / 2 }));
  } finally {
    for (const end of ends) end.close();
  }
}

const filled = (workers: number, length: number, make: (worker: number, at: number) => number) =>
  Array.from({ length: workers }, (_, worker) => Float64Array.from({ length }, (_, at) => make(worker, at)));

describe('all-reduce', () => {
  for (const topology of topologies) {
    for (let workers = 1; workers <= 8; workers++) {
      it(`${topology} of ${workers}: everybody has the sum, and the bytes are the formula’s`, async () => {
        for (const shared of [false, true]) {
          const arrays = filled(workers, numbers, (worker, at) => (worker + 1) * (at + 1));
          const bytes = await reduceAll(topology, arrays, { shared });
          // The first all-reduce gives (at + 1)·Σ(worker + 1) everywhere, the second `workers` times that.
          const all = ((workers * (workers + 1)) / 2) * workers;
          for (const array of arrays) expect([...array]).toEqual(Array.from({ length: numbers }, (_, at) => all * (at + 1)));
          bytes.forEach(({ sent }, rank) => expect(sent).toBe(sentByFormula(topology, rank, workers, 8 * numbers)));
          const total = (which: 'sent' | 'received') => bytes.reduce((sum, each) => sum + each[which], 0);
          expect(total('sent')).toBe(2 * (workers - 1) * 8 * numbers);
          expect(total('received')).toBe(total('sent'));
        }
      });
    }

    it(`${topology}: a length that nothing divides, and fewer numbers than workers`, async () => {
      for (const length of [1, 3, 101]) {
        const arrays = filled(5, length, (worker, at) => 10 * worker + at);
        await reduceAll(topology, arrays);
        for (const array of arrays) expect([...array]).toEqual(Array.from({ length }, (_, at) => 5 * (100 + 5 * at)));
      }
    });

    it(`${topology}: everybody has the same bits of f32, though not those of another order`, async () => {
      const arrays = [1, 1e8, -1e8, 0.5].map((value) => Float32Array.of(value, value, value, value));
      await reduceAll(topology, arrays, { grid: false, shared: true });
      for (const array of arrays) expect([...array]).toEqual([...arrays[0]!]);
      // From chunk to chunk the ring begins with another worker, and the sum shows it.
      expect(new Set(arrays[0]).size > 1).toBe(topology === 'ring');
    });
  }

  it('is given up when it is closed, whoever waits', async () => {
    const [first, second] = places(['a', 'b'], { topology: 'ring', shards: 2, patience_ms: 1000, memory: null }).map((place) => new AllReduce(place, true));
    const waiting = first!.run(new Float64Array(4), () => {});
    await new Promise((later) => setTimeout(later, 20));
    expect(first!.waiting).toMatchObject({ name: 'b' });
    first!.close();
    await expect(waiting).rejects.toMatchObject({ name: 'Abandoned' });
    second!.close();
  });
});

describe('the rounds', () => {
  it('of a ring of three are those of the textbook', () => {
    expect(ringRounds(0, 3)).toEqual([
      { send: 2, receive: 1, add: true },
      { send: 1, receive: 0, add: true },
      { send: 0, receive: 2, add: false },
      { send: 2, receive: 1, add: false },
    ]);
  });

  it('hand each worker what the one before it sends', () => {
    for (let workers = 2; workers <= 8; workers++) {
      for (let rank = 0; rank < workers; rank++) {
        const before = ringRounds((rank + workers - 1) % workers, workers);
        expect(ringRounds(rank, workers).map(({ receive }) => receive)).toEqual(before.map(({ send }) => send));
      }
    }
  });

  it('move 2(W − 1)/W of the array: 1.5 times of it among four', () => {
    expect(ringBytes(4, 1000)).toBe(1500);
    expect(ringBytes(1, 1000)).toBe(0);
    expect(sentByFormula('star', 0, 4, 1000)).toBe(3000);
    expect(sentByFormula('star', 2, 4, 1000)).toBe(1000);
  });

  it('share chunks and shards out whole', () => {
    expect([0, 1, 2].map((chunk) => chunkOf(chunk, 3, 10))).toEqual([[0, 3], [3, 6], [6, 10]]);
    expect(shareOut(8, 3)).toEqual([[0, 1], [2, 3, 4], [5, 6, 7]]);
    expect(shareOut(2, 4).flat()).toEqual([0, 1]);
  });
});
