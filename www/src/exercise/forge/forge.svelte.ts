/** A training run in Python with the reader's answers in place of the engine's parts. */
import type { Message, PythonClient, TestReport } from '../../python/types.ts';
import { attemptsAt } from '../attempts.ts';
import { SLOTS, STEPS, TARGET, assemble, type Code, type Packed } from './assemble.ts';
import { fetchPacked } from './digits.ts';

export interface Curve {
  step: number[];
  loss: number[];
}

/** One run: what was printed on the way, and what the judge made of it. */
export interface Ran {
  curve: Curve;
  /** Of one step. */
  ms: number | null;
  accuracy: number | null;
  report: TestReport | null;
}

const LINE = /^step (\d+) loss (\S+) ms ([\d.]+)$/;

const empty = (): Ran => ({ curve: { step: [], loss: [] }, ms: null, accuracy: null, report: null });

/** Puts one printed line into a run; other lines are the reader's own. */
export function takeLine(ran: Ran, line: string): boolean {
  const [, step, loss, ms] = LINE.exec(line) ?? [];
  if (step === undefined) return false;
  const count = ran.curve.step.length;
  ran.curve.step.push(Number(step));
  ran.curve.loss.push(Number(loss));
  ran.ms = ((ran.ms ?? 0) * count + Number(ms)) / (count + 1);
  return true;
}

export class Forge {
  readonly #python: () => PythonClient;
  #packed: Promise<Packed> | null = null;
  #stopped = false;
  /** The newest passing answer of each exercise. */
  answers = $state.raw<Code>(new Map());
  /** Exercises whose answer is switched in. */
  chosen = $state.raw(new Set<string>());
  /** engine: the run to compare with · yours. */
  phase = $state<'idle' | 'engine' | 'yours'>('idle');
  engine = $state.raw<Ran | null>(null);
  yours = $state.raw<Ran | null>(null);
  /** Whose parts the last run of yours had. */
  ranWith = $state.raw(new Set<string>());
  version = $state(0);
  failure = $state.raw<Message | null>(null);

  constructor(python: () => PythonClient) {
    this.#python = python;
  }

  async read(): Promise<void> {
    const found = await Promise.all(
      SLOTS.map(async ({ exercise }) => [exercise, (await attemptsAt(exercise)).find(({ status, flavour }) => status === 'passed' && flavour === undefined)?.code] as const),
    ).catch(() => []);
    this.answers = new Map(found.flatMap(([exercise, code]) => (code === undefined ? [] : [[exercise, code] as const])));
    this.chosen = new Set(this.answers.keys());
  }

  choose(exercise: string, on: boolean): void {
    const chosen = new Set(this.chosen);
    if (on && this.answers.has(exercise)) chosen.add(exercise);
    else chosen.delete(exercise);
    this.chosen = chosen;
  }

  /** The answers that are switched in. */
  get code(): Code {
    return new Map([...this.answers].filter(([exercise]) => this.chosen.has(exercise)));
  }

  get complete(): boolean {
    return SLOTS.every(({ exercise }) => this.chosen.has(exercise));
  }

  packed(): Promise<Packed> {
    this.#packed ??= fetchPacked().catch((error) => {
      // The network may be back at the next attempt.
      this.#packed = null;
      throw error;
    });
    return this.#packed;
  }

  async train(): Promise<void> {
    if (this.phase !== 'idle') return;
    this.failure = null;
    this.#stopped = false;
    try {
      if (this.engine?.report?.status !== 'passed') {
        this.phase = 'engine';
        this.engine = await this.#run(new Map(), (ran) => (this.engine = ran));
      }
      if (this.#stopped) return;
      this.phase = 'yours';
      this.ranWith = new Set(this.chosen);
      this.yours = await this.#run(this.code, (ran) => (this.yours = ran));
    } catch (error) {
      this.failure = this.#python().state.message ?? { key: '', fields: { error: String(error) } };
    } finally {
      this.phase = 'idle';
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#python().stop();
  }

  async #run(code: Code, show: (ran: Ran) => void): Promise<Ran> {
    const client = this.#python();
    const packed = await this.packed();
    await client.ready;
    const ran = empty();
    let rest = '';
    const { solution, exercise } = assemble(code, packed, STEPS, TARGET);
    show({ ...ran });
    const report = await client.test(exercise, solution, {
      mode: 'run',
      onOutput: (chunk) => {
        if (chunk.stream !== 'stdout') return;
        const lines = (rest + chunk.text).split('\n');
        rest = lines.pop()!;
        if (lines.filter((line) => takeLine(ran, line)).length === 0) return;
        show({ ...ran });
        this.version += 1;
      },
    });
    const accuracy = report.results[0]?.figures?.accuracy ?? null;
    return { ...ran, accuracy, report };
  }
}
