// One run of the lab in slices of a few milliseconds: between two of them the worker hears the page.
import type { Engine, Session } from 'danlu';
import { Refused } from '../failure.ts';
import { runOf, tableOf } from './describe.ts';
import { summaryOf } from './data.ts';
import { Bucket, Pace } from '../pace.ts';
import { Evaluation } from './evaluation.ts';
import type { Dataset, EndReason, LabEvent, LabSpec, Origin, Started } from './protocol.ts';

/** A request waits at most this long for its turn. */
const slice_ms = 8;
const messageEvery_ms = 80;
const watchShare = 0.05;
/** A point of the training curve is the mean over this share of an epoch, on every machine. */
const pointsPerEpoch = 20;

export class Run {
  readonly session: Session;
  /** Looks at the network while it trains, where somebody wants to see. */
  watcher: (() => void) | undefined;
  #watched_ms = 0;
  /** The last judgement of the held-out samples that is complete. */
  judged: Evaluation | undefined;
  #perEpoch: number;
  #classes: number;
  #step = 0;
  #totalSteps: number;
  #goal: number;
  #running: boolean;
  #ended = false;
  #evaluation: Evaluation | undefined;
  readonly #bucket = new Bucket();
  readonly #pace = new Pace();
  #rate = 0;
  #trainingPoints: number[] = [];
  #heldOutPoints: number[] = [];
  #saidAt_ms = -Infinity;

  constructor(
    private readonly engine: Engine,
    readonly name: string,
    private readonly spec: LabSpec,
    readonly data: Dataset,
    from: Origin | undefined,
    paused: boolean,
    private readonly say: (event: LabEvent, transfer: Transferable[]) => void,
  ) {
    const { epochs, batch_size = 32 } = spec.strategy;
    this.#perEpoch = Math.ceil(data.train.count / batch_size);
    this.#totalSteps = epochs * this.#perEpoch;
    this.#goal = this.#totalSteps;
    this.session = engine.createSession(runOf(spec, this.#totalSteps), spec.seed);
    try {
      if (from && 'weights' in from) this.session.setWeights(from.weights);
      else if (from) this.session.restore(from.checkpoint);
      this.session.setData('train', data.train.x, data.train.labels);
    } catch (error) {
      this.session.free();
      throw error;
    }
    if (from && 'checkpoint' in from) this.#step = from.step;
    const answer = this.session.layers().at(-1)!.outputShape;
    const oneClass = this.session.takesLabels && answer.length === 1 && data.heldOut.labels.length === data.heldOut.count;
    this.#classes = oneClass ? answer[0]! : 0;
    this.#running = !paused;
    if (this.#step === 0) this.#evaluation = this.#judge();
  }

  /** Whether `advance` has something to do. */
  get busy(): boolean {
    return this.#running || this.#evaluation !== undefined;
  }

  get step(): number {
    return this.#step;
  }

  started(): Started {
    const { layers, parameters, flops } = tableOf(this.spec.model, this.session.layers());
    return {
      variant: this.engine.variant,
      data: summaryOf(this.data),
      layers,
      parameters,
      flops,
      steps_per_epoch: this.#perEpoch,
      total_steps: this.#totalSteps,
    };
  }

  pause() {
    this.#required();
    this.#running = false;
    this.#report();
  }

  resume() {
    this.#required();
    this.#goal = this.#totalSteps;
    this.#running = true;
  }

  /** Trains so many batches more, then pauses. */
  stepOn(steps: number) {
    this.#required();
    this.#goal = Math.min(this.#totalSteps, this.#step + steps);
    this.#running = this.#goal > this.#step;
  }

  stop() {
    this.#required();
    this.#closeBucket();
    this.#evaluation = undefined;
    this.#judgeNow();
    this.#finish('stopped');
  }

  extend(epochs: number) {
    this.#totalSteps = Math.max(this.#step + 1, epochs * this.#perEpoch);
    this.#goal = this.#totalSteps;
    this.#ended = false;
    this.#running = true;
  }

  /**
   * Ends a judgement that is under way and tells what is new: a run written down while early stopping waits for a
   * judgement would go on without it.
   */
  settle() {
    while (this.#evaluation) this.#advanceEvaluation(this.#evaluation);
    if (!this.#ended) this.#report();
  }

  free() {
    this.session.free();
  }

  /** One slice of work. */
  advance() {
    if (this.#evaluation) this.#advanceEvaluation(this.#evaluation);
    else if (this.#running) this.#train();
    if (!this.#ended && performance.now() - this.#saidAt_ms >= messageEvery_ms) this.#report();
    this.#look();
  }

  /** Looking costs at most a twentieth of what training has cost so far. */
  #look() {
    if (!this.watcher || this.#evaluation || this.#watched_ms > watchShare * this.#pace.elapsed_ms) return;
    const began_ms = performance.now();
    this.watcher();
    this.#watched_ms += performance.now() - began_ms;
  }

  /** The last judgement of the held-out samples; made now where there is none yet. It is no point of the curve. */
  judgement(): Evaluation {
    if (!this.judged) {
      const evaluation = this.#judge();
      while (!evaluation.complete) evaluation.advance();
      this.judged = evaluation;
    }
    return this.judged;
  }

  #required() {
    if (this.#ended) throw new Refused('no_run');
  }

  #judge(): Evaluation {
    return new Evaluation(this.session, this.data.heldOut, this.#classes, this.#step);
  }

  #train() {
    const began_ms = performance.now();
    const next = Math.min(this.#nextMark(), this.#goal);
    const steps = this.#pace.stepsWithin(slice_ms, next - this.#step);
    const report = this.session.runSteps(steps);
    const took_ms = performance.now() - began_ms;

    this.#step += steps;
    this.#pace.trained(steps, report.samples, took_ms);
    this.#bucket.add(report);
    this.#rate = report.learning_rate;

    if (!Number.isFinite(report.loss)) {
      this.#closeBucket();
      this.#judgeNow();
      this.#finish('diverged');
      return;
    }
    if (this.#step % this.#pointSteps === 0 || this.#step % this.#perEpoch === 0) this.#closeBucket();
    if (this.#isEvaluation(this.#step) || this.#step === this.#totalSteps) this.#evaluation = this.#judge();
    if (this.#step === this.#goal && this.#goal < this.#totalSteps) {
      this.#running = false;
      this.#closeBucket();
      this.#report();
    }
  }

  get #pointSteps(): number {
    return Math.max(1, Math.round(this.#perEpoch / pointsPerEpoch));
  }

  /** The end of the next point of the curve; ends of epochs are ends of points. */
  #nextMark(): number {
    const epochEnd = (Math.floor(this.#step / this.#perEpoch) + 1) * this.#perEpoch;
    let next = Math.min(epochEnd, (Math.floor(this.#step / this.#pointSteps) + 1) * this.#pointSteps);
    for (let step = this.#step + 1; step < next; step += 1) if (this.#isEvaluation(step)) next = step;
    return next;
  }

  /** At the end of each epoch, and early in the first, where most happens. */
  #isEvaluation(step: number): boolean {
    return step % this.#perEpoch === 0 || step === Math.round(this.#perEpoch / 10) || step === Math.round(this.#perEpoch / 3);
  }

  #advanceEvaluation(evaluation: Evaluation) {
    const began_ms = performance.now();
    evaluation.advance();
    this.#pace.elapsed_ms += performance.now() - began_ms;
    if (!evaluation.complete) return;
    this.#evaluation = undefined;
    this.#take(evaluation);
    if (this.#ended || this.#step === 0) return;
    const atEnd = this.#step >= this.#totalSteps;
    if (this.#step % this.#perEpoch === 0 && this.session.observe(evaluation.result).stop) {
      // It may have gone back to its best weights; what it ends with is judged.
      this.#judgeNow();
      this.#finish('early');
    } else if (atEnd) this.#finish('complete');
  }

  #take(evaluation: Evaluation) {
    this.judged = evaluation;
    const { loss, accuracy } = evaluation.result;
    this.#heldOutPoints.push(evaluation.step, loss, accuracy);
  }

  #judgeNow() {
    const evaluation = this.#judge();
    while (!evaluation.complete) evaluation.advance();
    this.#take(evaluation);
  }

  #finish(reason: EndReason) {
    this.#running = false;
    this.#ended = true;
    this.#report();
    const weights = new Uint8Array(this.session.getWeights());
    this.say({ kind: 'finished', run: this.name, reason, step: this.#step, weights }, [weights.buffer]);
  }

  #closeBucket() {
    const means = this.#bucket.empty();
    if (means) this.#trainingPoints.push(this.#step, means.loss, means.accuracy, this.#rate);
  }

  #report() {
    this.#saidAt_ms = performance.now();
    const training_points = Float64Array.from(this.#trainingPoints);
    const held_out_points = Float64Array.from(this.#heldOutPoints);
    this.#trainingPoints = [];
    this.#heldOutPoints = [];
    this.say(
      {
        kind: 'progress',
        run: this.name,
        step: this.#step,
        steps_per_epoch: this.#perEpoch,
        total_steps: this.#totalSteps,
        samples_per_s: this.#pace.samples_per_s,
        elapsed_ms: this.#pace.elapsed_ms,
        training_points,
        held_out_points,
      },
      [training_points.buffer, held_out_points.buffer],
    );
  }
}
