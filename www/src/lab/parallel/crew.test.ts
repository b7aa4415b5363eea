// Whole runs in one thread: real engines, real ports; a worker is killed by silence, as a terminated one is silent.
import { load, type Engine } from 'danlu';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import { Member } from '../../../workers/parallel/member.ts';
import type { Job, ParallelEvent } from '../../../workers/parallel/protocol.ts';
import { failureOf } from '../../../workers/failure.ts';
import { Crew, type CrewSettings, type Happening, type Port } from './crew.ts';

// These train for real; a busy machine takes its time.
vi.setConfig({ testTimeout: 60_000 });

let engine: Engine;
beforeAll(async () => void (engine = await load({ variant: 'simd' })));

/** Bars for each label, with seeded noise. */
function bars(count: number, seed: number) {
  let state = seed;
  const noise = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const labels = Uint32Array.from({ length: count }, (_, at) => at % 4);
  const x = Float32Array.from({ length: count * 64 }, (_, at) => {
    const row = Math.floor((at % 64) / 8) - 2 * labels[Math.floor(at / 64)]!;
    return (row >= 0 && row < 2 ? 0.8 : 0) + 0.2 * noise();
  });
  return { x, labels };
}

const job: Job = {
  spec: {
    model: {
      input: [8, 8, 1],
      layers: [
        { type: 'conv2d', filters: 6, kernel: [3, 3], activation: 'relu' },
        { type: 'batch_normalization' },
        { type: 'flatten' },
        { type: 'dropout', rate: 0.2 },
        { type: 'dense', units: 4, activation: 'softmax' },
      ],
    },
    loss: 'categorical_cross_entropy',
    optimizer: { type: 'adam', learning_rate: 0.003 },
    batch_size: 24,
  },
  seed: 3,
  shards: 8,
  limit: 100,
  grid: true,
};

/** A worker of this thread. Terminated, it neither hears nor says anything more, but its ports stay open. */
class Here implements Port {
  onmessage: Port['onmessage'] = null;
  onerror: Port['onerror'] = null;
  onmessageerror: Port['onmessageerror'] = null;
  alive = true;
  readonly #member: Member;
  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly hears: (event: ParallelEvent) => void = () => {}) {
    const data = async () => ({ train: bars(100, 1), heldOut: bars(40, 2) });
    this.#member = new Member(async () => engine, data, (event) => {
      if (!this.alive) return;
      if (event.kind !== 'broken') this.hears(event);
      this.onmessage?.({ data: event } as never);
    });
  }

  postMessage(message: Parameters<Port['postMessage']>[0]) {
    if (message.kind !== 'request') return;
    const { request } = message;
    this.#last = this.#last.then(async () => {
      if (!this.alive) return;
      const given = await this.#member.perform(request).then(
        ([answer]) => ({ kind: 'answer', id: request.id, answer }),
        (error) => ({ kind: 'refusal', id: request.id, failure: failureOf(error) }),
      );
      if (this.alive) this.onmessage?.({ data: given } as never);
    });
  }

  /** A terminated thread is in the middle of something; this one ends at its next turn. */
  terminate() {
    this.alive = false;
    this.#member.free();
  }
}

const patience = { wait_ms: 150, silence_ms: 600, answer_ms: 300, open_ms: 20_000 };
const crews: Crew[] = [];
afterEach(() => {
  for (const crew of crews.splice(0)) crew.close();
});

async function crewOf(settings: Partial<CrewSettings>, hears?: (name: string, event: ParallelEvent) => void) {
  const happened: Happening[] = [];
  const workers = new Map<string, Here>();
  const crew = new Crew(
    { job, workers: 1, topology: 'ring', policy: 'survivors', shared: false, ...settings },
    (name) => {
      const worker = new Here((event) => hears?.(name, event));
      workers.set(name, worker);
      return worker;
    },
    { happened: (happening) => void happened.push(happening), progress: () => {}, members: () => {} },
    patience,
  );
  crews.push(crew);
  await crew.start();
  return { crew, happened, workers };
}

/** The hash after so many steps of one worker that nothing befell. */
const unbroken = new Map<string, string>();
async function hashOfOne(step: number, grid = true): Promise<string> {
  const key = `${step} ${grid}`;
  if (!unbroken.has(key)) {
    const { crew } = await crewOf({ job: { ...job, grid } });
    unbroken.set(key, (await crew.leg(step)).hashes[0]!.hash);
  }
  return unbroken.get(key)!;
}

for (const topology of ['ring', 'star'] as const) {
  for (const workers of [2, 3, 5]) {
    it(`${workers} workers in a ${topology} end with the weights of one, to the bit`, async () => {
      const { crew } = await crewOf({ workers, topology, shared: workers % 2 === 1 });
      for (const step of [4, 13]) {
        const leg = await crew.leg(step);
        expect(leg.hashes).toHaveLength(workers);
        const want = await hashOfOne(step);
        for (const { hash } of leg.hashes) expect(hash).toBe(want);
      }
    });
  }
}

it('in f32 all of a ring have the same bits, though other than one worker’s', async () => {
  const { crew } = await crewOf({ workers: 3, job: { ...job, grid: false } });
  const { hashes } = await crew.leg(13);
  expect(new Set(hashes.map(({ hash }) => hash)).size).toBe(1);
  expect(hashes[0]!.hash).not.toBe(await hashOfOne(13, false));
});

for (const topology of ['ring', 'star'] as const) {
  for (const policy of ['survivors', 'replacement'] as const) {
    it(`a worker killed in mid-epoch (${topology}, ${policy}): the run goes on, and ends with the unbroken weights`, async () => {
      const told = new Map<string, number>();
      const { crew, happened } = await crewOf({ workers: 3, topology, policy }, (name, event) => {
        if (event.kind === 'progress') told.set(name, event.step);
      });
      const first = await crew.leg(4);
      expect(first.broken).toBe(false);
      const leg = crew.leg(3002);
      // Wherever the clock finds it, in a run of six hundred epochs. The leader of the star is the hardest to lose.
      await vi.waitFor(() => expect(told.get('1')).toBeGreaterThan(4), { interval: 1 });
      expect(told.get('1')).toBeLessThan(2990);
      crew.kill('1');
      const { hashes, broken } = await leg;
      expect(broken).toBe(true);
      expect(hashes.map(({ name }) => name)).toEqual(policy === 'survivors' ? ['2', '3'] : ['2', '3', '4']);
      const want = await hashOfOne(3002);
      for (const { hash } of hashes) expect(hash).toBe(want);
      const kinds = happened.map(({ kind }) => kind);
      expect(kinds.indexOf('lost')).toBeGreaterThan(Math.max(kinds.indexOf('complaint'), kinds.indexOf('silent')));
      expect(kinds.indexOf('agreed')).toBeGreaterThan(kinds.indexOf('lost'));
      expect(kinds.indexOf('shared-out')).toBeGreaterThan(kinds.indexOf('agreed'));
      const shares = happened.findLast((happening) => happening.kind === 'shared-out')!.shares.flatMap(({ shards }) => shards);
      expect(shares).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    });
  }
}

it('all of them are killed: a new one takes the state kept after the last leg', async () => {
  const { crew, happened } = await crewOf({ workers: 2 });
  await crew.leg(5);
  const leg = crew.leg(13);
  crew.kill('1');
  crew.kill('2');
  const { hashes } = await leg;
  expect(happened).toContainEqual({ kind: 'from-kept', step: 5 });
  expect(hashes.map(({ hash }) => hash)).toEqual([await hashOfOne(13)]);
});

it('killed between two legs, it is missed when the next begins', async () => {
  const { crew } = await crewOf({ workers: 3 });
  await crew.leg(5);
  crew.kill('3');
  const { hashes } = await crew.leg(9);
  expect(hashes.map(({ name }) => name)).toEqual(['1', '2']);
  expect(hashes[0]!.hash).toBe(await hashOfOne(9));
});

it('measures so many steps of some of them', async () => {
  const { crew } = await crewOf({ workers: 3 });
  for (const workers of [1, 3, 2]) expect(await crew.pace(workers, 3)).toBeGreaterThan(0);
});
