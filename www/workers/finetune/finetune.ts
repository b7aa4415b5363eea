// What the fine-tuning worker holds: a base, a new task, and the trainings that are under way.
import type { Engine } from 'danlu';
import type { RequestOf } from '../client.ts';
import { Refused } from '../failure.ts';
import type { Shelf } from '../lab/data.ts';
import { baseOfFile, factsOf, type Base } from './base.ts';
import { Features } from './features.ts';
import { hashOf } from './hash.ts';
import type { FinetuneCalls, FinetuneEvent, Task, Trial } from './protocol.ts';
import { ofClasses, Samples, shown } from './samples.ts';
import { swap, type Adapted } from './lora-check.ts';
import { time } from './timing.ts';
import { train, type Ground, type Hears, type Outcome } from './trial.ts';

/** A slice of training is at most so long, so that requests are answered soon. */
const sliceMs = 60;
const picturesShown = 20;
/** Pictures that the base computes at a time, by their size: some tens of milliseconds. */
const breathOf = (parameters: number) => (parameters > 1e6 ? 4 : 50);

const fresh = [5, 6, 7, 8, 9];

interface Course {
  trial: Trial;
  ground: Ground;
  course: Generator<void, Outcome>;
}

export class Finetune {
  #ground: Ground | undefined;
  /** The same base on the task with light and dark swapped; made when a training first asks for it. */
  #inverted: (() => Ground) | undefined;
  /** Trainings with adapters that have ended. */
  #adapted = new Map<string, Adapted>();
  #queue: Trial[] = [];
  #now: Course | undefined;
  /** What is said waits for hashes that were begun before. */
  #said: Promise<void> = Promise.resolve();

  constructor(
    private readonly engineFor: (exact: boolean) => Promise<Engine>,
    private readonly shelf: Shelf,
    private readonly fetchBase: () => Promise<Base>,
    private readonly say: (event: FinetuneEvent) => void,
    private readonly clock: () => number = () => performance.now(),
  ) {}

  get busy(): boolean {
    return this.#now !== undefined || this.#queue.length > 0;
  }

  /** What was said by now has been heard when this is fulfilled. */
  get quiet(): Promise<void> {
    return this.#said;
  }

  async perform(request: RequestOf<FinetuneCalls>): Promise<FinetuneCalls[keyof FinetuneCalls]['answer']> {
    switch (request.call) {
      case 'open':
        return this.#open(request.ask);
      case 'own':
        this.shelf.own(request.ask.own);
        return null;
      case 'start': {
        const ground = this.#opened();
        for (const { perClass } of request.ask.trials) {
          if (perClass > ground.samples.perClass) throw new Refused('finetune_too_few', { asked: perClass, got: ground.samples.perClass });
        }
        this.#end();
        this.#queue = [...request.ask.trials];
        return null;
      }
      case 'stop':
        this.#end();
        return null;
      case 'time':
        return time(this.#opened(), request.ask.trial, this.clock);
      case 'swap': {
        const [first, second] = [this.#adapted.get(request.ask.first), this.#adapted.get(request.ask.second)];
        if (!first || !second) throw new Refused('no_run');
        return swap(first, second, this.clock);
      }
    }
  }

  /** One slice of what is under way. */
  advance() {
    const begun = this.clock();
    while (this.busy && this.clock() - begun < sliceMs) {
      const { trial, ground, course } = (this.#now ??= this.#next());
      const turn = course.next();
      if (!turn.done) continue;
      this.#now = undefined;
      const { accuracy, loss, train_ms, keeping_ms, weights } = turn.value;
      if (trial.method === 'lora') this.#adapted.set(trial.id, { ground, trial, weights });
      this.#later({ kind: 'ended', trial: trial.id, accuracy, loss, train_ms, keeping_ms });
      if (this.#queue.length === 0) this.#later({ kind: 'finished' });
    }
  }

  #next(): Course {
    const trial = this.#queue.shift()!;
    const hears: Hears = {
      began: (steps) => this.#later({ kind: 'began', trial: trial.id, steps }),
      keeping: (done, all) => this.#later({ kind: 'keeping', trial: trial.id, done, all }),
      point: (stage, point) => this.#later({ kind: 'point', trial: trial.id, stage, point }),
      stage: ({ baseBefore, baseAfter, ...facts }) => {
        const hashes = Promise.all([hashOf(baseBefore), hashOf(baseAfter)]);
        this.#said = this.#said.then(async () => {
          const [before, after] = await hashes;
          this.say({ kind: 'stage', ...facts, before, after });
        });
      },
      adapted: (facts) => this.#later({ kind: 'adapted', ...facts }),
    };
    const ground = trial.inverted ? this.#inverted!() : this.#opened();
    return { trial, ground, course: train(ground, trial, hears, this.clock) };
  }

  #later(event: FinetuneEvent) {
    this.#said = this.#said.then(() => this.say(event));
  }

  #end() {
    this.#now?.course.return(undefined as never);
    this.#now = undefined;
    this.#queue = [];
  }

  #opened(): Ground {
    if (!this.#ground) throw new Refused('no_run');
    return this.#ground;
  }

  async #open({ file, side, heldOutMost, task }: FinetuneCalls['open']['ask']): Promise<FinetuneCalls['open']['answer']> {
    // The page's own base trains to the same bits everywhere; a large one goes as fast as the browser can.
    const engine = await this.engineFor(file === null);
    const base = file ? baseOfFile(engine, file, side) : await this.fetchBase();
    const data = await this.#data(task, engine);
    if (data.shape.length !== 3) throw new Refused('finetune_no_pictures', { name: data.ref.name, got: `[${data.shape.join(', ')}]` });
    const { facts, blocks } = await factsOf(engine, base);
    const on = (inverted: boolean): Ground => {
      const samples = new Samples(data, base.model.input, base.pixels, heldOutMost, inverted);
      const features = new Features(engine, base.model, base.weights, samples, breathOf(facts.parameters));
      return { engine, base: base.model, blocks, weights: base.weights, samples, features };
    };
    const ground = on(false);
    const { samples } = ground;
    if (samples.perClass === 0) throw new Refused('finetune_empty_class', { name: data.ref.name });
    this.#end();
    this.#ground = ground;
    this.#adapted = new Map();
    let inverted: Ground | undefined;
    this.#inverted = () => (inverted ??= on(true));
    const first = samples.chosen(Math.min(2, samples.perClass), 1).slice(0, picturesShown);
    const [height, width] = base.model.input as [number, number, number];
    const pictures = { count: first.length, height, width, rgba: shown(samples, first) };
    const known = { classes: data.classes, perClass: samples.perClass, heldOut: samples.heldOut.length, pictures };
    return { base: facts, task: known, variant: engine.variant };
  }

  async #data(task: Task, engine: Engine) {
    const whole = await this.shelf.find(task.kind === 'own' ? task.data : { name: 'digits' }, engine);
    if (task.kind === 'fresh') return ofClasses(whole, fresh, 'fresh');
    if (task.kind === 'paper') return ofClasses(whole, fresh, 'paper', (ink) => 1 - ink);
    return whole;
  }
}
