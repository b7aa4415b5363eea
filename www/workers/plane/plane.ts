// One small network on points of the plane: trained in slices, or batch by batch, and shown unit by unit.
import type { Engine, Session } from 'danlu';
import type { RequestOf } from '../client.ts';
import { Refused } from '../failure.ts';
import { Pace } from '../pace.ts';
import { descend, mean, stale } from './lessons.ts';
import type { Judged, Opening, PlaneCalls, PlaneEvent, Rows, Shown, Speed } from './protocol.ts';
import { tensors, weigh } from './weights.ts';

/** How often a run is shown. */
const say_ms = 70;
const between_ms: Record<Speed, number> = { slow: 500, steady: 40, brisk: 50, full: 10 };
const stepsAtOnce = { slow: 1, steady: 1, brisk: 20 };

type Answer = PlaneCalls[keyof PlaneCalls]['answer'];

export class Plane {
  #session: Session | undefined;
  #opening: Opening | undefined;
  #speed: Speed | undefined;
  #pace = new Pace();
  #step = 0;
  #epoch = 0;
  #batchLoss = NaN;

  constructor(
    private readonly engine: () => Promise<Engine>,
    private readonly say: (event: PlaneEvent) => void,
    private readonly now: () => number = () => performance.now(),
    private readonly wait: (ms: number) => Promise<void> = (ms) => new Promise((done) => setTimeout(done, ms)),
  ) {}

  get busy(): boolean {
    return this.#speed !== undefined;
  }

  async perform(request: RequestOf<PlaneCalls>): Promise<Answer> {
    const engine = await this.engine();
    switch (request.call) {
      case 'open':
        return this.#open(engine, request.ask);
      case 'step':
        this.#speed = undefined;
        this.#train(request.ask.steps);
        return this.#shown();
      case 'run':
        this.#here();
        this.#speed = request.ask.speed;
        return null;
      case 'pause':
        this.#speed = undefined;
        return this.#shown();
      case 'weigh':
        weigh(this.#here(), request.ask.tensor, request.ask.at, request.ask.value);
        return this.#shown();
      case 'surest':
        return this.#surest();
      case 'descend':
        return descend(engine, request.ask);
      case 'mean':
        return mean(engine, request.ask);
      case 'stale':
        return stale(engine, request.ask);
    }
  }

  /** One slice of a run. */
  async advance(): Promise<void> {
    const speed = this.#speed;
    if (!speed) return;
    if (speed === 'full') {
      const begun = this.now();
      const steps = this.#pace.stepsWithin(say_ms * 0.6, 2000);
      const samples = this.#train(steps);
      this.#pace.trained(steps, samples, this.now() - begun);
    } else {
      this.#train(stepsAtOnce[speed]);
    }
    const shown = this.#shown();
    if (shown.broken) this.#speed = undefined;
    this.say({ kind: 'shown', shown });
    await this.wait(between_ms[speed]);
  }

  #here(): Session {
    if (!this.#session) throw new Refused('no_run');
    return this.#session;
  }

  #open(engine: Engine, opening: Opening): Shown {
    const session = engine.createSession(opening.spec, opening.seed);
    try {
      session.setData('train', opening.train.x, opening.train.targets);
      if (opening.keep && this.#session) session.setWeights(this.#session.getWeights());
    } catch (error) {
      session.free();
      throw error;
    }
    this.#session?.free();
    this.#session = session;
    this.#opening = opening;
    this.#speed = undefined;
    this.#pace = new Pace();
    [this.#step, this.#epoch, this.#batchLoss] = [0, 0, NaN];
    return this.#shown();
  }

  #train(steps: number): number {
    const { step, epoch, loss, samples } = this.#here().runSteps(steps);
    [this.#step, this.#epoch, this.#batchLoss] = [step, epoch, loss];
    return samples;
  }

  #judge({ x, targets, labels }: Rows): Judged | null {
    if (labels.length === 0) return null;
    const session = this.#here();
    const answers = session.predict(x);
    const width = answers.length / labels.length;
    let right = 0;
    labels.forEach((label, row) => {
      if (winner(answers.subarray(row * width, (row + 1) * width)) === label) right += 1;
    });
    return { loss: session.evaluateOn(x, targets).loss, accuracy: right / labels.length };
  }

  #shown(): Shown {
    const session = this.#here();
    const { train, test, grid } = this.#opening!;
    const all = tensors(session);
    const judged = this.#judge(train)!;
    return {
      step: this.#step,
      epoch: this.#epoch,
      batchLoss: this.#batchLoss,
      train: judged,
      test: this.#judge(test),
      tensors: all,
      maps: session.activations(grid).map(({ name, shape, data }) => ({ name, units: shape.at(-1)!, values: Float32Array.from(data) })),
      broken: !Number.isFinite(judged.loss) || all.some(({ values }) => values.some((value) => !Number.isFinite(value))),
    };
  }

  #surest(): PlaneCalls['surest']['answer'] {
    const session = this.#here();
    const { x, labels } = this.#opening!.train;
    const layers = session.activations(x);
    const logits = layers.at(-2)!.data;
    const width = logits.length / labels.length;
    // A single logit z is that of class 1 against 0: softmax of (0, z) is the sigmoid.
    const rows = Array.from(labels, (label, row) => {
      const own = [...logits.subarray(row * width, (row + 1) * width)];
      const z = width === 1 ? [0, own[0]!] : own;
      const margin = z[label]! - Math.max(...z.filter((_, at) => at !== label));
      return { logits: z, label, margin };
    });
    const { logits: found, label, margin } = rows.reduce((least, row) => (row.margin < least.margin ? row : least));
    return { logits: found, label, wrong: margin < 0 };
  }
}

/** The class that an answer names: the largest, or by the half where there is one number. */
function winner(answer: Float32Array): number {
  if (answer.length === 1) return answer[0]! > 0.5 ? 1 : 0;
  let best = 0;
  answer.forEach((value, at) => {
    if (value > answer[best]!) best = at;
  });
  return best;
}
