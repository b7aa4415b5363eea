// The room of parallel training: several workers and one, leg by leg beside each other on the same steps.
import type { Failure, Opened, Topology } from '../../workers/parallel/protocol.ts';
import { Crew, failureOf, type CrewSettings, type Happening, type Leg, type Policy, type Port } from './parallel/crew.ts';
import { measureSpeeds, type Speed } from './parallel/speeds.ts';
import { farthest, heard, Losses, median, newLane, type Lane } from './parallel/times.ts';
import { usual, type Settings } from './parallel/settings.ts';
import { preset } from './presets.ts';

export type { Policy, Speed, Topology };
export { bounds, models, queryOf, settingsOf, usual, workersMost, type Settings } from './parallel/settings.ts';
export type { Refusal } from './query.ts';
export type Phase = 'idle' | 'starting' | 'training' | 'pausing' | 'paused' | 'done' | 'measuring' | 'failed';

const shards = 8;
/** A leg is a quarter of an epoch. */
const legsPerEpoch = 4;
const drawEvery_ms = 150;

/** A leg of several workers, and of one. */
export interface PairedLeg {
  step: number;
  hash: string;
  /** Whether all of the several have it. */
  agreed: boolean;
  ms: number;
  broken: boolean;
  alone: { hash: string; ms: number } | null;
}

export type Entry = { at_ms: number } & (Happening | { kind: 'killed'; name: string } | { kind: 'leg'; step: number; hash: string });

export function jobOf(settings: Settings): CrewSettings['job'] {
  return {
    spec: {
      model: preset(settings.model),
      loss: 'categorical_cross_entropy',
      optimizer: { type: 'adam', learning_rate: 0.001 },
      batch_size: settings.batch_size,
    },
    seed: settings.seed,
    shards,
    limit: settings.limit,
    grid: settings.grid,
  };
}

function spawn(): Port {
  return new Worker(new URL('../../workers/parallel/parallel.worker.ts', import.meta.url), {
    type: 'module',
    // The worker fetches the digits from beside the page; its own address is elsewhere.
    name: new URL('.', document.baseURI).href,
  }) as unknown as Port;
}

class ParallelRoom {
  settings = $state.raw<Settings>(usual);
  phase = $state<Phase>('idle');
  failure = $state.raw<Failure | null>(null);
  opened = $state.raw<Opened | null>(null);
  /** What the run under way, or the last one, was begun with. */
  begun = $state.raw<Settings>(usual);
  step = $state(0);
  steps = $state(0);
  lanes = $state.raw<Lane[]>([]);
  legs = $state.raw<PairedLeg[]>([]);
  log = $state.raw<Entry[]>([]);
  losses = $state.raw<{ x: number[]; y: number[] }>({ x: [], y: [] });
  version = $state(0);
  /** At the end: accuracy on held-out digits, and how far the weights are from one worker's. */
  accuracy = $state<number | null>(null);
  distance = $state<number | null>(null);
  speeds = $state.raw<Speed[]>([]);
  measured = $state<{ done: number; of: number } | null>(null);

  #crew: Crew | null = null;
  #alone: Crew | null = null;
  #turn = 0;
  #began_ms = 0;
  #go: (() => void) | null = null;
  #fresh = new Map<string, Lane>();
  #sums = new Losses();
  #draw: ReturnType<typeof setTimeout> | undefined;

  get busy(): boolean {
    return ['starting', 'training', 'pausing', 'paused', 'measuring'].includes(this.phase);
  }

  /** Of one worker's time by several's, over the legs on which nobody was lost; the first is warm-up. */
  get speedUp(): number | null {
    const ratios = this.legs.slice(1).flatMap(({ broken, alone, ms }) => (broken || !alone ? [] : [alone.ms / ms]));
    return ratios.length > 0 ? median(ratios) : null;
  }

  async start(): Promise<void> {
    const settings = this.settings;
    const turn = this.#end('starting');
    this.#forget();
    this.begun = settings;
    await this.#try(turn, async () => {
      const crewSettings: CrewSettings = { job: jobOf(settings), workers: settings.workers, topology: settings.topology, policy: settings.policy, shared: crossOriginIsolated };
      const crew = (this.#crew = new Crew(crewSettings, spawn, {
        happened: (happening) => this.#note(happening),
        progress: (name, progress) => {
          this.#sums.add(progress);
          this.#fresh.set(name, heard(this.#lane(name), progress));
          this.step = Math.max(this.step, progress.step);
          this.#drawSoon();
        },
        members: (names) => {
          for (const name of names) this.#fresh.set(name, this.#lane(name));
          for (const [name, lane] of this.#fresh) this.#fresh.set(name, { ...lane, gone: !names.includes(name) });
          this.#drawSoon();
        },
      }));
      const alone = settings.compare ? (this.#alone = new Crew({ ...crewSettings, workers: 1, policy: 'replacement' }, spawn, { happened: () => {}, progress: () => {}, members: () => {} })) : null;
      const [opened] = await Promise.all([crew.start(), alone?.start()]);
      if (turn !== this.#turn) return;
      this.opened = opened;
      this.steps = opened.steps_per_epoch * settings.epochs;
      this.phase = 'training';
      await this.#train(turn, crew, alone);
    });
  }

  pause(): void {
    if (this.phase === 'training') this.phase = 'pausing';
  }

  resume(): void {
    if (this.phase !== 'paused' && this.phase !== 'pausing') return;
    this.phase = 'training';
    this.#go?.();
    this.#go = null;
  }

  /** What was seen until now stays. */
  stop(): void {
    this.#end('idle');
  }

  kill(name: string): void {
    this.#crew?.kill(name);
    this.#note({ kind: 'killed', name });
  }

  /** How fast 1 to `most` workers are, by turns; what the last training showed stays. */
  async measure(most: number): Promise<void> {
    const settings = this.settings;
    const turn = this.#end('measuring');
    this.speeds = [];
    await this.#try(turn, async () => {
      const crew = (this.#crew = new Crew({ job: jobOf(settings), workers: most, topology: settings.topology, policy: 'survivors', shared: crossOriginIsolated }, spawn, { happened: () => {}, progress: () => {}, members: () => {} }));
      await crew.start();
      await measureSpeeds(crew, most, settings.batch_size, (speeds, done, of) => {
        if (turn !== this.#turn) return;
        this.speeds = speeds;
        this.measured = { done, of };
      });
      if (turn !== this.#turn) return;
      crew.close();
      this.phase = 'idle';
    });
  }

  async #train(turn: number, crew: Crew, alone: Crew | null): Promise<void> {
    const leg = this.opened!.steps_per_epoch / legsPerEpoch;
    for (let until = 0, nth = 0; ; nth += 1) {
      until = Math.min(this.steps, Math.max(until + 1, Math.round((nth + 1) * leg)));
      let [several, one]: [Leg | null, Leg | null] = [null, null];
      // By turns, so that a machine that warms up or is busy favours neither.
      if (nth % 2 === 1 && alone) one = await alone.leg(until);
      several = await crew.leg(until);
      if (nth % 2 === 0 && alone) one = await alone.leg(until);
      if (turn !== this.#turn) return;
      this.#addLeg(several, one);
      if (until === this.steps) break;
      if ((this.phase as Phase) === 'pausing') {
        this.phase = 'paused';
        await new Promise<void>((go) => (this.#go = go));
        if (turn !== this.#turn) return;
      }
    }
    this.accuracy = (await crew.evaluate()).accuracy;
    if (alone) this.distance = farthest(await crew.weights(), await alone.weights());
    if (turn !== this.#turn) return;
    crew.close();
    alone?.close();
    this.phase = 'done';
  }

  #addLeg({ step, hashes, ms, broken }: Leg, one: Leg | null): void {
    const hash = hashes[0]!.hash;
    const agreed = hashes.every((each) => each.hash === hash);
    this.legs = [...this.legs, { step, hash, agreed, ms, broken, alone: one && { hash: one.hashes[0]!.hash, ms: one.ms } }];
    this.#note({ kind: 'leg', step, hash });
    const { x, y } = this.#sums.take(step);
    this.losses = { x: [...this.losses.x, ...x], y: [...this.losses.y, ...y] };
    this.version += 1;
    this.step = step;
  }

  #lane(name: string): Lane {
    return this.#fresh.get(name) ?? newLane(name);
  }

  #note(what: Happening | { kind: 'killed'; name: string } | { kind: 'leg'; step: number; hash: string }): void {
    this.log = [...this.log, { at_ms: performance.now() - this.#began_ms, ...what }];
  }

  /** At most some times a second: drawing takes its time from those who compute. */
  #drawSoon(): void {
    this.#draw ??= setTimeout(() => {
      this.#draw = undefined;
      this.lanes = [...this.#fresh.values()];
    }, drawEvery_ms);
  }

  /** Whoever works stops. */
  #end(phase: Phase): number {
    this.#crew?.close();
    this.#alone?.close();
    this.#crew = this.#alone = null;
    this.#go?.();
    this.#go = null;
    clearTimeout(this.#draw);
    this.#draw = undefined;
    this.failure = null;
    this.measured = null;
    this.phase = phase;
    return ++this.#turn;
  }

  #forget(): void {
    this.#fresh.clear();
    this.#sums = new Losses();
    this.#began_ms = performance.now();
    this.lanes = [];
    this.legs = [];
    this.log = [];
    this.losses = { x: [], y: [] };
    this.version += 1;
    this.step = 0;
    this.accuracy = this.distance = null;
  }

  async #try(turn: number, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#crew?.close();
      this.#alone?.close();
      this.failure = failureOf(error);
      this.phase = 'failed';
    }
  }
}

export const room = new ParallelRoom();
