// What the preference room's worker holds: a base, and the alignments that are under way.
import type { Engine, Session } from 'danlu';
import type { RequestOf } from '../client.ts';
import { failureOf, Refused } from '../failure.ts';
import { alignByPairs, policyForPairs } from './dpo.ts';
import { glance, groundOf, learn, report, type Ground } from './ground.ts';
import { alignByGroups, policyForGroups } from './grpo.ts';
import type { BaseSettings, Lines, PreferenceCalls, PreferenceEvent, Report, Rule, Started, Trial } from './protocol.ts';

/** A slice of work is at most so long, so that requests are answered soon. */
const sliceMs = 60;
const sayMs = 90;

type Progress = Extract<PreferenceEvent, { kind: 'progress' | 'base' }>;

export class Preference {
  #ground: Ground | undefined;
  /** Steps that the base has learnt; 0 while it is new. */
  #learnt = 0;
  #course: Generator<void> | undefined;
  /** Asks the course under way to end where it stands. */
  #stopping = false;
  /** The base's own, by rule. */
  #reports = new Map<string, Report>();
  #said = -Infinity;
  #waiting: Progress | undefined;

  constructor(
    private readonly engine: () => Promise<Engine>,
    private readonly say: (event: PreferenceEvent) => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get busy(): boolean {
    return this.#course !== undefined;
  }

  async perform(request: RequestOf<PreferenceCalls>): Promise<PreferenceCalls[keyof PreferenceCalls]['answer']> {
    switch (request.call) {
      case 'start':
        return this.#start(request.ask.settings);
      case 'align':
        this.#begun();
        this.#end();
        this.#course = this.#align(request.ask.trials);
        return null;
      case 'stop':
        this.#stopping = true;
        return null;
    }
  }

  /** One slice of what is under way. */
  advance(): void {
    const begun = this.now();
    while (this.#course && this.now() - begun < sliceMs) {
      if (!this.#course.next().done) continue;
      this.#course = undefined;
      this.#flush();
      this.say({ kind: 'idle' });
    }
  }

  async #start(settings: BaseSettings): Promise<Started> {
    const engine = await this.engine();
    const { ground, started } = groundOf(engine, settings);
    this.#end();
    this.#ground?.base.free();
    this.#ground = ground;
    this.#learnt = 0;
    this.#reports.clear();
    this.#course = this.#learn(ground);
    return started;
  }

  *#learn(ground: Ground): Generator<void> {
    const { steps } = ground.settings;
    let loss = NaN;
    const course = learn(ground, (step, lines) => {
      this.#learnt = step;
      loss = lines.heldOut?.at(-1) ?? loss;
      this.#tell({ kind: 'base', step, all: steps, lines });
    });
    while (!this.#stopping && !course.next().done) yield;
    this.#flush();
    const samples = yield* glance(ground, ground.base, { kind: 'happy', word: '' });
    this.say({ kind: 'ready', step: this.#learnt, loss, samples, sentences: samples.filter(({ sentence }) => sentence).length / samples.length });
  }

  *#align(trials: readonly Trial[]): Generator<void> {
    const ground = this.#begun();
    for (const trial of trials) {
      if (this.#stopping) return;
      let policy: Session | undefined;
      try {
        this.say({ kind: 'began', trial: trial.id, base: yield* this.#ofBase(trial.rule) });
        const { method, rule } = trial;
        policy = method.type === 'grpo' ? policyForGroups(ground, method) : policyForPairs(ground, method);
        const progress = (step: number, lines: Lines, more: object) => this.#tell({ kind: 'progress', trial: trial.id, step, all: method.steps, lines, ...more });
        const course =
          method.type === 'grpo'
            ? alignByGroups(ground, rule, method, policy, { progress })
            : alignByPairs(ground, rule, method, policy, { progress, pairs: (facts) => this.say({ kind: 'pairs', trial: trial.id, ...facts }) });
        let done = false;
        while (!this.#stopping && !(done = course.next().done ?? false)) yield;
        course.return(undefined);
        this.#flush();
        this.say({ kind: 'ended', trial: trial.id, stopped: !done, report: yield* report(ground, policy, rule) });
      } catch (error) {
        const failure = failureOf(error);
        if (failure.fatal) throw error;
        this.#flush();
        this.say({ kind: 'refused', trial: trial.id, failure });
      } finally {
        policy?.free();
      }
    }
  }

  *#ofBase(rule: Rule): Generator<void, Report> {
    const ground = this.#begun();
    const key = JSON.stringify(rule);
    let found = this.#reports.get(key);
    if (!found) this.#reports.set(key, (found = yield* report(ground, ground.base, rule)));
    return found;
  }

  #begun(): Ground {
    if (!this.#ground || this.#learnt === 0) throw new Refused('no_run');
    return this.#ground;
  }

  #end() {
    this.#course?.return(undefined);
    this.#course = undefined;
    this.#stopping = false;
    this.#waiting = undefined;
  }

  /** Says progress a few times a second, and never less than all of it. */
  #tell(event: Progress) {
    const before = this.#waiting;
    if (before && before.kind === event.kind) {
      for (const [name, points] of Object.entries(event.lines)) (before.lines[name] ??= []).push(...points);
      this.#waiting = { ...before, ...event, lines: before.lines } as Progress;
    } else {
      this.#flush();
      this.#waiting = event;
    }
    if (this.now() - this.#said > sayMs) this.#flush();
  }

  #flush() {
    if (!this.#waiting) return;
    this.say(this.#waiting);
    this.#waiting = undefined;
    this.#said = this.now();
  }
}
