// The preference room's state: a base, what rewards it, and the runs that aligned a copy of it.
import { WorkerClient, WorkerFailure, type WorkerPort } from '../../workers/client.ts';
import type { BaseSettings, Failure, GroupView, Method, PairView, PreferenceCalls, PreferenceEvent, Report, Rule, Sample, Started } from '../../workers/preference/protocol.ts';
import type { TextName } from '../../workers/preference/text.ts';
import { baseOf, dpoOf, grpoOf, ruleOf, usual, type Settings } from './preference/settings.ts';

export type { GroupView, Method, PairView, Report, Rule, Sample };

export interface Points {
  x: number[];
  y: number[];
}

export interface Run {
  id: number;
  /** B, C, D …: what tables and curves call it; A is the base. */
  letter: string;
  rule: Rule;
  method: Method;
  /** The base by the same rule, from the same seeds. */
  base: Report | null;
  step: number;
  lines: Record<string, Points>;
  group: GroupView | null;
  pairs: { drawn: number; ties: number; train: number; heldOut: number; shown: PairView[] } | null;
  /** What it answers now to the prompts kept back. */
  samples: Sample[];
  report: Report | null;
  stopped: boolean;
}

/** Older ones give way: there are no more letters to tell them apart by. */
const runsMost = 7;

export const sameRule = (a: Rule, b: Rule): boolean => a.kind === b.kind && a.word === b.word;

class PreferenceRoom {
  settings = $state.raw<Settings>(usual);
  phase = $state<'none' | 'starting' | 'learning' | 'ready' | 'aligning'>('none');
  failure = $state.raw<{ at: 'base' | Method['type']; failure: Failure } | null>(null);
  started = $state.raw<Started | null>(null);
  /** What the base that there is was trained with. */
  begun = $state.raw<BaseSettings | null>(null);
  step = $state(0);
  all = $state(0);
  base: { training: Points; heldOut: Points } = { training: { x: [], y: [] }, heldOut: { x: [], y: [] } };
  ready = $state.raw<Extract<PreferenceEvent, { kind: 'ready' }> | null>(null);
  runs = $state.raw<Run[]>([]);
  /** The run under way. */
  now = $state<number | null>(null);
  stopping = $state(false);
  /** Changes whenever curves have. */
  version = $state(0);

  /** What waits for a base. */
  #waiting: { rule: (text: TextName) => Rule; method: Method }[] = [];
  #next = 1;
  #client = new WorkerClient<PreferenceCalls, PreferenceEvent>(
    () => new Worker(new URL('../../workers/preference/preference.worker.ts', import.meta.url), { type: 'module' }) as unknown as WorkerPort<PreferenceCalls, PreferenceEvent>,
    { event: (event) => this.#hear(event), crash: (failure) => this.#lose(failure) },
  );

  /** The language of what is written. */
  get text(): TextName {
    return this.begun?.text ?? 'zh';
  }

  /** Whether a base trained now would be another. */
  isStale(page: TextName): boolean {
    return this.begun !== null && JSON.stringify(baseOf(this.settings, page)) !== JSON.stringify(this.begun);
  }

  get busy(): boolean {
    return this.phase === 'starting' || this.phase === 'learning' || this.phase === 'aligning';
  }

  /** Trains a base; what was made from the one before is given up. */
  async start(page: TextName): Promise<void> {
    this.phase = 'starting';
    this.stopping = false;
    this.failure = null;
    this.ready = null;
    this.runs = [];
    this.base = { training: { x: [], y: [] }, heldOut: { x: [], y: [] } };
    [this.step, this.all] = [0, this.settings.base_steps];
    this.version += 1;
    const settings = baseOf(this.settings, page);
    await this.#try('base', async () => {
      this.started = await this.#client.ask('start', { settings });
      this.begun = settings;
      this.phase = 'learning';
    });
  }

  /** Aligns a copy of the base, and trains the base first where there is none; `others` are other values of β. */
  async align(type: Method['type'], page: TextName, part: Partial<Settings> = {}, betas: number[] = []): Promise<void> {
    const settings = { ...this.settings, ...part };
    const method = type === 'grpo' ? grpoOf(settings) : dpoOf(settings);
    const rule = (text: TextName) => ruleOf(settings, text);
    this.#waiting = (betas.length > 0 ? betas : [method.beta]).map((beta) => ({ rule, method: { ...method, beta } }));
    if (this.phase === 'ready') await this.#go();
    else await this.start(page);
  }

  async stop(): Promise<void> {
    this.#waiting = [];
    this.stopping = true;
    await this.#try('base', async () => void (await this.#client.ask('stop', {})));
  }

  async #go(): Promise<void> {
    const trials = this.#waiting.splice(0).map(({ rule, method }) => ({ id: this.#next++, rule: rule(this.text), method }));
    if (trials.length === 0) return;
    this.failure = null;
    this.stopping = false;
    this.phase = 'aligning';
    await this.#try(trials[0]!.method.type, async () => {
      const kept = this.runs.slice(-Math.max(0, runsMost - trials.length));
      const letters = [...'BCDEFGHIJ'].filter((letter) => !kept.some((run) => run.letter === letter));
      const fresh = trials.map((trial, at): Run => ({
        ...trial, letter: letters[at]!, base: null, step: 0, lines: {}, group: null, pairs: null, samples: [], report: null, stopped: false,
      }));
      this.runs = [...kept, ...fresh];
      await this.#client.ask('align', { trials });
    });
  }

  async #try(at: 'base' | Method['type'], work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof WorkerFailure)) throw error;
      // A worker that died was told of already, and everything of it is gone.
      if (!error.failure.fatal) this.phase = at !== 'base' && this.ready ? 'ready' : 'none';
      this.failure = { at, failure: error.failure };
    }
  }

  #lose(failure: Failure) {
    this.failure = { at: 'base', failure };
    this.phase = 'none';
    this.ready = null;
    this.started = null;
    this.now = null;
  }

  #change(id: number, part: (run: Run) => Partial<Run>) {
    this.runs = this.runs.map((run) => (run.id === id ? { ...run, ...part(run) } : run));
  }

  #hear(event: PreferenceEvent | { kind: 'broken'; failure: Failure }) {
    switch (event.kind) {
      case 'base':
        this.step = event.step;
        add(this.base, event.lines);
        this.version += 1;
        return;
      case 'ready':
        this.ready = event;
        return;
      case 'began':
        this.now = event.trial;
        this.#change(event.trial, () => ({ base: event.base, samples: event.base.samples }));
        return;
      case 'pairs': {
        const { trial, ...pairs } = event;
        this.#change(trial, () => ({ pairs }));
        return;
      }
      case 'progress':
        this.#change(event.trial, ({ lines, group, samples }) => {
          add(lines, event.lines);
          return { step: event.step, group: event.group ?? group, samples: event.samples ?? samples };
        });
        this.version += 1;
        return;
      case 'ended':
        this.#change(event.trial, () => ({ report: event.report, samples: event.report.samples, stopped: event.stopped }));
        return;
      case 'refused': {
        const type = this.runs.find(({ id }) => id === event.trial)?.method.type ?? 'base';
        this.failure = { at: type, failure: event.failure };
        this.runs = this.runs.filter(({ id }) => id !== event.trial);
        return;
      }
      case 'idle':
        this.now = null;
        this.stopping = false;
        // Trials that were never begun leave nothing.
        this.runs = this.runs.filter(({ report }) => report);
        this.phase = 'ready';
        void this.#go();
        return;
      case 'broken':
        this.#lose(event.failure);
    }
  }
}

function add(lines: object, more: Record<string, number[]>) {
  const table = lines as Record<string, Points>;
  for (const [name, points] of Object.entries(more)) {
    const line = (table[name] ??= { x: [], y: [] });
    for (let at = 0; at < points.length; at += 2) {
      line.x.push(points[at]!);
      line.y.push(points[at + 1]!);
    }
  }
}

export const room = new PreferenceRoom();
