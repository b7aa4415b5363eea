// The workers of a run together: who is there, who is lost, what the others then agree on.
//
// Nobody is told of a death. Whoever waits too long complains, or the crew hears nothing for too long; the one in doubt is
// asked for a word, and is lost where none comes. The others then give up the step under way, agree on the last that any
// of them has done whole, bring everybody there, share the shards out anew and go on. A new worker takes the state of
// another; where nobody is left, the one kept after the last leg.
import { WorkerClient, WorkerFailure, type WorkerPort } from '../../../workers/client.ts';
import type { Arrived, Complaint, Failure, Job, Opened, ParallelCalls, ParallelEvent, Progress, Topology } from '../../../workers/parallel/protocol.ts';
import { places } from './places.ts';

export type Port = WorkerPort<ParallelCalls, ParallelEvent>;
export type Policy = 'survivors' | 'replacement';

export interface CrewSettings {
  job: Job;
  workers: number;
  topology: Topology;
  policy: Policy;
  /** Whether memory may be shared between workers. */
  shared: boolean;
}

export interface Patience {
  /** A worker that waits so long for another complains. */
  wait_ms: number;
  /** So long without a word, and a worker is asked. */
  silence_ms: number;
  /** So long one has for an answer. */
  answer_ms: number;
  open_ms: number;
}

export const usualPatience: Patience = { wait_ms: 700, silence_ms: 2500, answer_ms: 2500, open_ms: 60_000 };

/** A run that loses more is not going to end. */
const REPLACEMENTS = 30;

/** What happened, for the log. */
export type Happening =
  | { kind: 'joined'; name: string; ms: number }
  | { kind: 'complaint'; by: string; about: string; step: number; waited_ms: number }
  | { kind: 'silent'; about: string; silent_ms: number }
  | { kind: 'answered'; name: string }
  | { kind: 'lost'; name: string; detail: string }
  | { kind: 'agreed'; step: number; left: string[] }
  | { kind: 'caught-up'; name: string; from: number; to: number }
  | { kind: 'from-kept'; step: number }
  | { kind: 'shared-out'; shares: { name: string; shards: number[] }[] };

export interface Listeners {
  happened: (happening: Happening) => void;
  progress: (name: string, progress: Progress) => void;
  /** Who is there has changed. */
  members: (names: string[]) => void;
}

export interface Leg {
  step: number;
  /** Of each worker's weights. */
  hashes: { name: string; hash: string }[];
  ms: number;
  /** Whether somebody was lost on the way. */
  broken: boolean;
}

interface Hand {
  name: string;
  port: Port;
  client: WorkerClient<ParallelCalls, ParallelEvent>;
  gone: boolean;
  doubted: boolean;
  heard_ms: number;
  arrived: Arrived | null;
}

interface Goal {
  until: number;
  broken: boolean;
  resolve: (leg: Leg) => void;
  reject: (error: unknown) => void;
}

class NoAnswer extends Error {
  override name = 'NoAnswer';
}

export class Crew {
  opened: Opened | null = null;
  #hands: Hand[] = [];
  #goal: Goal | null = null;
  #placed = false;
  #regrouping = false;
  #again = false;
  #born = 0;
  #kept: { step: number; bytes: Uint8Array<ArrayBuffer> } | null = null;
  #watch: ReturnType<typeof setInterval> | undefined;
  #closed = false;
  /** What the last one who did not just fall silent died of. */
  #failure: Failure | null = null;

  constructor(
    private readonly settings: CrewSettings,
    private readonly spawn: (name: string) => Port,
    private readonly listeners: Listeners,
    private readonly patience: Patience = usualPatience,
    private readonly label: (nth: number) => string = String,
  ) {}

  get names(): string[] {
    return this.#hands.map(({ name }) => name);
  }

  async start(): Promise<Opened> {
    const hands = await Promise.all(Array.from({ length: this.settings.workers }, () => this.#hire()));
    this.#hands = hands;
    this.listeners.members(this.names);
    return this.opened!;
  }

  /** Trains up to a step, whatever happens to single workers on the way. */
  async leg(until: number): Promise<Leg> {
    const leg = await new Promise<Leg>((resolve, reject) => {
      this.#goal = { until, broken: false, resolve, reject };
      clearInterval(this.#watch);
      for (const hand of this.#hands) hand.heard_ms = performance.now();
      this.#watch = setInterval(() => this.#listen(), this.patience.silence_ms / 5);
      if (this.#placed) void this.#run();
      else void this.#regroup();
    });
    await this.#keep();
    return leg;
  }

  /** Ends a worker as a crash would: nobody is told. */
  kill(name: string): void {
    this.#hands.find((hand) => hand.name === name)?.port.terminate();
  }

  /** The time of so many steps of the first `workers`, wherever each stands: for measuring alone. */
  async pace(workers: number, steps: number): Promise<number> {
    const hands = this.#hands.slice(0, workers);
    const now = await Promise.all(this.#hands.map((hand) => this.#ask(hand, 'halt', {}, this.patience.open_ms)));
    await this.#place(hands);
    return new Promise((resolve, reject) => {
      this.#goal = null;
      for (const hand of this.#hands) hand.arrived = null;
      this.#pacing = { hands, resolve, reject };
      for (const [at, hand] of hands.entries()) this.#ask(hand, 'run', { until: now[at]!.step + steps }, this.patience.open_ms).catch(reject);
    });
  }

  #pacing: { hands: Hand[]; resolve: (ms: number) => void; reject: (error: unknown) => void } | null = null;

  weights(): Promise<Uint8Array<ArrayBuffer>> {
    return this.#ask(this.#hands[0]!, 'weights', {}, this.patience.open_ms);
  }

  evaluate(): Promise<{ loss: number; accuracy: number }> {
    return this.#ask(this.#hands[0]!, 'evaluate', {}, this.patience.open_ms);
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#watch);
    for (const { client } of this.#hands) client.close();
    this.#hands = [];
    this.#goal = null;
  }

  async #hire(): Promise<Hand> {
    const began_ms = performance.now();
    const name = this.label((this.#born += 1));
    const port = this.spawn(name);
    const client = new WorkerClient<ParallelCalls, ParallelEvent>(() => port, {
      event: (event) => {
        if (event.kind !== 'broken') this.#hear(hand, event);
      },
      crash: (failure) => {
        this.#failure = failure;
        void this.#lose(hand, String(failure.fields.detail ?? failure.code));
      },
    });
    const hand: Hand = { name, port, client, gone: false, doubted: false, heard_ms: began_ms, arrived: null };
    this.opened = await this.#ask(hand, 'open', this.settings.job, this.patience.open_ms);
    this.listeners.happened({ kind: 'joined', name, ms: performance.now() - began_ms });
    return hand;
  }

  async #ask<K extends keyof ParallelCalls>(hand: Hand, call: K, ask: ParallelCalls[K]['ask'], within_ms: number, transfer: Transferable[] = []): Promise<ParallelCalls[K]['answer']> {
    let late: ReturnType<typeof setTimeout> | undefined;
    try {
      return await Promise.race([
        hand.client.ask(call, ask, { transfer }),
        new Promise<never>((_, reject) => (late = setTimeout(() => reject(new NoAnswer(call)), within_ms))),
      ]);
    } finally {
      clearTimeout(late);
    }
  }

  /** Asks one of the workers; whoever does not answer is lost. */
  async #try<K extends keyof ParallelCalls>(hand: Hand, call: K, ask: ParallelCalls[K]['ask']): Promise<ParallelCalls[K]['answer'] | undefined> {
    try {
      return await this.#ask(hand, call, ask, 2 * this.patience.answer_ms);
    } catch (error) {
      // What it refuses is a mistake of the run, not a death.
      if (error instanceof WorkerFailure && !error.failure.fatal && !hand.gone) throw error;
      await this.#lose(hand, error instanceof NoAnswer ? '' : String(error));
      return undefined;
    }
  }

  #hear(hand: Hand, event: Progress | Arrived | Complaint): void {
    if (hand.gone) return;
    hand.heard_ms = performance.now();
    if (event.kind === 'progress') this.listeners.progress(hand.name, event);
    else if (event.kind === 'complaint') void this.#doubt(event.about, { kind: 'complaint', by: hand.name, about: event.about, step: event.step, waited_ms: event.waited_ms });
    else {
      hand.arrived = event;
      this.#perhapsDone();
    }
  }

  #perhapsDone(): void {
    if (this.#pacing) {
      const { hands, resolve } = this.#pacing;
      if (hands.every(({ arrived }) => arrived)) {
        this.#pacing = null;
        resolve(spanOf(hands));
      }
      return;
    }
    const goal = this.#goal;
    if (!goal || this.#regrouping || this.#hands.length === 0) return;
    if (!this.#hands.every(({ arrived }) => arrived?.step === goal.until)) return;
    this.#goal = null;
    clearInterval(this.#watch);
    const hashes = this.#hands.map(({ name, arrived }) => ({ name, hash: arrived!.hash }));
    goal.resolve({ step: goal.until, hashes, ms: spanOf(this.#hands), broken: goal.broken });
  }

  #listen(): void {
    if (this.#regrouping) return;
    for (const hand of this.#hands) {
      const silent_ms = performance.now() - hand.heard_ms;
      if (!hand.arrived && silent_ms > this.patience.silence_ms) void this.#doubt(hand.name, { kind: 'silent', about: hand.name, silent_ms });
    }
  }

  async #doubt(name: string, why: Happening): Promise<void> {
    const hand = this.#hands.find((each) => each.name === name);
    if (!hand || hand.doubted || hand.gone || this.#regrouping || !this.#goal) return;
    hand.doubted = true;
    this.listeners.happened(why);
    try {
      await this.#ask(hand, 'ping', {}, this.patience.answer_ms);
      hand.heard_ms = performance.now();
      this.listeners.happened({ kind: 'answered', name });
    } catch {
      await this.#lose(hand, '');
    } finally {
      hand.doubted = false;
    }
  }

  async #lose(hand: Hand, detail: string): Promise<void> {
    if (hand.gone || this.#closed) return;
    hand.gone = true;
    // Should it live after all, it must not come back into a run that has gone on without it.
    hand.client.close();
    this.#hands = this.#hands.filter((each) => each !== hand);
    this.#placed = false;
    if (this.#pacing) {
      this.#pacing.reject(new WorkerFailure({ code: 'worker_lost', fields: { reason: detail }, fatal: false }));
      this.#pacing = null;
    }
    this.listeners.happened({ kind: 'lost', name: hand.name, detail });
    this.listeners.members(this.names);
    if (!this.#goal) return;
    this.#goal.broken = true;
    if (this.#born > this.settings.workers + REPLACEMENTS) return this.#fail(new WorkerFailure({ code: 'worker_lost', fields: { reason: detail }, fatal: false }));
    if (this.#regrouping) this.#again = true;
    else await this.#regroup();
  }

  async #regroup(): Promise<void> {
    this.#regrouping = true;
    try {
      do {
        this.#again = false;
        await this.#agree();
        if (!this.#again) await this.#place(this.#hands);
        if (!this.#again) this.#placed = true;
      } while (this.#again);
    } catch (error) {
      this.#fail(error);
      return;
    } finally {
      this.#regrouping = false;
    }
    await this.#run();
  }

  /** Brings everybody who is there, and who is to come, to the last step that anybody has done whole. */
  async #agree(): Promise<void> {
    const broken = this.#goal?.broken ?? false;
    const answers = await Promise.all(this.#hands.map(async (hand) => ({ hand, answer: await this.#try(hand, 'halt', {}) })));
    const there = answers.flatMap(({ hand, answer }) => (answer ? [{ hand, step: answer.step }] : []));
    const last = Math.max(-1, ...there.map(({ step }) => step));
    let state = this.#kept;
    if (there.length > 0) {
      const missing = this.settings.policy === 'replacement' && there.length < this.settings.workers;
      if (missing || there.some(({ step }) => step < last)) {
        const given = await this.#try(there.find(({ step }) => step === last)!.hand, 'checkpoint', {});
        if (!given) return;
        state = given;
      }
      if (broken) this.listeners.happened({ kind: 'agreed', step: last, left: this.names });
      for (const { hand, step } of there) {
        if (step === last) continue;
        if ((await this.#try(hand, 'restore', state!)) === undefined) return;
        this.listeners.happened({ kind: 'caught-up', name: hand.name, from: step, to: last });
      }
    } else {
      // If all of them die of a mistake, so would new ones.
      if (this.#failure) throw new WorkerFailure(this.#failure);
      this.listeners.happened({ kind: 'from-kept', step: state?.step ?? 0 });
    }
    const wanted = this.settings.policy === 'replacement' ? this.settings.workers : 1;
    while (this.#hands.length < wanted && !this.#closed) {
      const hand = await this.#hire();
      // A new worker begins as the run began.
      if (state) await this.#ask(hand, 'restore', state, this.patience.open_ms);
      this.#hands = [...this.#hands, hand];
      this.listeners.members(this.names);
    }
  }

  async #place(hands: Hand[]): Promise<void> {
    const { topology, job, shared } = this.settings;
    const memory = shared ? { numbers: this.opened!.numbers, grid: job.grid } : null;
    const drawn = places(hands.map(({ name }) => name), { topology, shards: job.shards, patience_ms: this.patience.wait_ms, memory });
    await Promise.all(
      hands.map(async (hand, rank) => {
        const place = drawn[rank]!;
        const ports = [...place.to, ...place.from].map(({ port }) => port);
        try {
          await this.#ask(hand, 'place', place, 2 * this.patience.answer_ms, ports);
        } catch (error) {
          await this.#lose(hand, error instanceof NoAnswer ? '' : String(error));
        }
      }),
    );
    if (this.#goal?.broken) this.listeners.happened({ kind: 'shared-out', shares: drawn.map(({ shards }, rank) => ({ name: hands[rank]!.name, shards })) });
  }

  async #run(): Promise<void> {
    const goal = this.#goal;
    if (!goal) return;
    for (const hand of this.#hands) {
      hand.arrived = null;
      hand.heard_ms = performance.now();
    }
    try {
      await Promise.all(this.#hands.map((hand) => this.#try(hand, 'run', { until: goal.until })));
    } catch (error) {
      this.#fail(error);
    }
  }

  /** What a run can be taken up from where nobody is left. */
  async #keep(): Promise<void> {
    for (const hand of this.#hands) {
      const given = await this.#try(hand, 'checkpoint', {});
      if (given) {
        this.#kept = given;
        return;
      }
    }
  }

  #fail(error: unknown): void {
    const goal = this.#goal;
    this.#goal = null;
    clearInterval(this.#watch);
    goal?.reject(error);
  }
}

const spanOf = (hands: Hand[]): number =>
  Math.max(...hands.map(({ arrived }) => arrived!.to_ms)) - Math.min(...hands.map(({ arrived }) => arrived!.from_ms));

export function failureOf(error: unknown): Failure {
  if (error instanceof WorkerFailure) return error.failure;
  return { code: 'worker_crashed', fields: { detail: String(error) }, fatal: true };
}
