// One training run in slices of a few milliseconds: between two of them the worker hears the page.
import type { Engine, Session } from 'danlu';
import type { Split } from './digits.ts';
import { answerOf, HeldOutEvaluation, heldOutDigit } from './evaluation.ts';
import { Refused } from './failure.ts';
import { galleryOf } from './gallery.ts';
import { Bucket, Pace } from './pace.ts';
import type { Answer, Ask, Evaluation, HeldOutDigit, Prepared, RunSettings, WorkerEvent } from './protocol.ts';
import { tensorOf } from './safetensors.ts';
import { specOf } from './spec.ts';

/** A drawing waits at most this long for its turn. */
const slice_ms = 8;
const messageEvery_ms = 80;
const checkpointEvery_ms = 1000;
/** A point of the training curve is the mean over this share of an epoch, on every machine. */
const pointsPerEpoch = 25;

export class Trainer {
  #session: Session | undefined;
  #settings: RunSettings | undefined;
  #running = false;
  #ended = true;
  #step = 0;
  #epochsBefore = 0;
  #totalSteps = 0;
  #evaluation: HeldOutEvaluation | undefined;
  #lastEvaluation: HeldOutEvaluation | undefined;
  #bucket = new Bucket();
  #pace = new Pace();
  #trainingPoints: number[] = [];
  #heldOutPoints: number[] = [];
  #saidAt_ms = -Infinity;
  #savedAt_ms = -Infinity;
  #gallery: HeldOutDigit[];
  #filters: { step: number; weights: Float32Array<ArrayBuffer>; biases: Float32Array<ArrayBuffer> } | undefined;

  constructor(
    private readonly engine: Engine,
    private readonly split: Split,
    private readonly say: (event: WorkerEvent, transfer: Transferable[]) => void,
  ) {
    this.#gallery = galleryOf(split.heldOut);
  }

  /** Whether `advance` has something to do. */
  get busy(): boolean {
    return this.#running || this.#evaluation !== undefined;
  }

  prepared(): Prepared {
    return {
      variant: this.engine.variant,
      train: this.split.train.count,
      held_out: this.split.heldOut.count,
      parameters: this.#session?.parameterCount ?? 0,
      gallery: this.#gallery,
    };
  }

  start({ settings, from }: Ask<'start'>): Prepared {
    this.#open(settings, from);
    this.#session!.setData('train', this.split.train.images, this.split.train.labels);
    this.#totalSteps = this.#stepsTo(settings.epochs);
    this.#running = true;
    this.#ended = false;
    this.#evaluation = this.#judge();
    return this.prepared();
  }

  restore({ settings, from }: Ask<'restore'>): Evaluation {
    this.#open(settings, from);
    const evaluation = this.#judge();
    while (!evaluation.complete) evaluation.advance();
    this.#lastEvaluation = evaluation;
    return evaluation.result;
  }

  pause(): null {
    if (this.#ended) throw new Refused('no_run');
    this.#running = false;
    this.#report();
    return null;
  }

  resume(): null {
    if (this.#ended) throw new Refused('no_run');
    this.#running = true;
    return null;
  }

  stop(): null {
    if (this.#ended) throw new Refused('no_run');
    this.#totalSteps = this.#step;
    this.#closeBucket();
    this.#finish('stopped');
    return null;
  }

  extend({ epochs }: Ask<'extend'>): null {
    if (!this.#session) throw new Refused('no_run');
    this.#totalSteps = this.#stepsTo(epochs);
    this.#running = true;
    this.#ended = false;
    this.#evaluation ??= this.#lastEvaluation?.step === this.#step ? undefined : this.#judge();
    return null;
  }

  look({ image }: Ask<'look'>): Answer<'look'> {
    const session = this.#required();
    const layers = session.activations(image).map(({ name, kind, shape, data }) => ({
      name,
      kind,
      shape: [...shape],
      data: new Float32Array(data),
    }));
    const { weights, biases } = this.#firstLayer(session);
    const last = layers.at(-1);
    return {
      step: this.#step,
      layers,
      filters: weights.slice(),
      biases: biases.slice(),
      probabilities: new Float32Array(last?.data ?? []),
    };
  }

  guesses(): number[] {
    const session = this.#required();
    const images = Float32Array.from(this.#gallery.flatMap((digit) => Array.from(digit.pixels, (ink) => ink / 255)));
    const probabilities = session.predict(images);
    return this.#gallery.map((_, at) => answerOf(probabilities, at));
  }

  mistakes({ limit }: Ask<'mistakes'>): Answer<'mistakes'> {
    if (!this.#lastEvaluation) throw new Refused('no_run');
    return this.#lastEvaluation.mistakes(limit);
  }

  sample({ label, nth }: Ask<'sample'>): Answer<'sample'> {
    const { labels } = this.split.heldOut;
    const indices = [...labels.keys()].filter((index) => labels[index] === label);
    return heldOutDigit(this.split.heldOut, indices[nth % indices.length]!);
  }

  /** One slice of work. */
  advance() {
    if (this.#evaluation) this.#advanceEvaluation(this.#evaluation);
    else if (this.#running) this.#train();
    if (performance.now() - this.#saidAt_ms >= messageEvery_ms) this.#report();
  }

  get #stepsPerEpoch(): number {
    return Math.ceil(this.split.train.count / this.#settings!.batch_size);
  }

  /** Steps of this session to the end of an epoch counted from the run's beginning; at least one more. */
  #stepsTo(epochs: number): number {
    return Math.max(this.#step + 1, Math.round((epochs - this.#epochsBefore) * this.#stepsPerEpoch));
  }

  get #pointSteps(): number {
    return Math.max(1, Math.round(this.#stepsPerEpoch / pointsPerEpoch));
  }

  #required(): Session {
    if (!this.#session) throw new Refused('no_run');
    return this.#session;
  }

  #open(settings: RunSettings, from: Ask<'start'>['from']) {
    const session = this.engine.createSession(specOf(settings), settings.seed);
    try {
      if (from) session.setWeights(from.weights);
    } catch (error) {
      session.free();
      throw error;
    }
    this.#session?.free();
    this.#session = session;
    this.#settings = settings;
    this.#epochsBefore = from?.epochs_done ?? 0;
    this.#step = 0;
    this.#totalSteps = 0;
    this.#running = false;
    this.#ended = true;
    this.#evaluation = undefined;
    this.#lastEvaluation = undefined;
    this.#bucket = new Bucket();
    this.#pace = new Pace();
    this.#trainingPoints = [];
    this.#heldOutPoints = [];
    this.#saidAt_ms = -Infinity;
    this.#savedAt_ms = -Infinity;
    this.#filters = undefined;
  }

  #judge(): HeldOutEvaluation {
    return new HeldOutEvaluation(this.#session!, this.split.heldOut, this.#step);
  }

  #train() {
    const began_ms = performance.now();
    const next = Math.min(this.#nextMark(this.#pointSteps), this.#nextEvaluation(), this.#totalSteps);
    const steps = this.#pace.stepsWithin(slice_ms, next - this.#step);
    const report = this.#session!.runSteps(steps);
    const took_ms = performance.now() - began_ms;

    this.#step += steps;
    this.#pace.trained(steps, report.samples, took_ms);
    this.#bucket.add(report);

    if (this.#step % this.#pointSteps === 0 || this.#step % this.#stepsPerEpoch === 0) this.#closeBucket();
    if (this.#step === this.#totalSteps || this.#isEvaluation(this.#step)) this.#evaluation = this.#judge();
  }

  /** The first multiple of `every` after the present step, and never beyond the end of the epoch. */
  #nextMark(every: number): number {
    const perEpoch = this.#stepsPerEpoch;
    const epochEnd = (Math.floor(this.#step / perEpoch) + 1) * perEpoch;
    return Math.min(epochEnd, (Math.floor(this.#step / every) + 1) * every);
  }

  /** Held-out digits are judged at every half epoch, and early in the first, where most happens. */
  #isEvaluation(step: number): boolean {
    const perEpoch = this.#stepsPerEpoch;
    const half = Math.round(perEpoch / 2);
    const early = this.#epochsBefore === 0 && (step === Math.round(perEpoch / 10) || step === Math.round(perEpoch / 4));
    return early || step % perEpoch === 0 || step % perEpoch === half;
  }

  #nextEvaluation(): number {
    let step = this.#step + 1;
    while (!this.#isEvaluation(step)) step += 1;
    return step;
  }

  #advanceEvaluation(evaluation: HeldOutEvaluation) {
    const began_ms = performance.now();
    evaluation.advance();
    this.#pace.elapsed_ms += performance.now() - began_ms;
    if (!evaluation.complete) return;
    this.#evaluation = undefined;
    this.#lastEvaluation = evaluation;
    const { loss, accuracy } = evaluation.result;
    this.#heldOutPoints.push(evaluation.step + this.#offset, loss, accuracy);
    if (this.#ended) {
      this.#report();
      return;
    }
    const atEnd = this.#step >= this.#totalSteps;
    if (atEnd || (this.#step > 0 && this.#step % this.#stepsPerEpoch === 0)) this.#checkpoint(accuracy, atEnd);
    if (atEnd) this.#finish('complete');
  }

  #finish(reason: 'complete' | 'stopped') {
    this.#running = false;
    this.#ended = true;
    if (reason === 'stopped') {
      // The weights moved since they were last judged: finish with what they are worth now.
      const evaluation = this.#judge();
      while (!evaluation.complete) evaluation.advance();
      this.#evaluation = undefined;
      this.#lastEvaluation = evaluation;
      this.#heldOutPoints.push(evaluation.step + this.#offset, evaluation.result.loss, evaluation.result.accuracy);
      this.#checkpoint(evaluation.result.accuracy, true);
    }
    this.#report();
    this.say({ kind: 'finished', reason }, []);
  }

  #closeBucket() {
    const means = this.#bucket.empty();
    if (means) this.#trainingPoints.push(this.#step + this.#offset, means.loss, means.accuracy);
  }

  #checkpoint(accuracy: number, now: boolean) {
    if (!now && performance.now() - this.#savedAt_ms < checkpointEvery_ms) return;
    this.#savedAt_ms = performance.now();
    const weights = new Uint8Array(this.#session!.getWeights());
    const epochs_done = this.#epochsBefore + this.#step / this.#stepsPerEpoch;
    this.say({ kind: 'checkpoint', epochs_done, accuracy, weights }, [weights.buffer]);
  }

  /** A run that goes on from a checkpoint counts its steps on from there. */
  get #offset(): number {
    return Math.round(this.#epochsBefore * this.#stepsPerEpoch);
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
        step: this.#step + this.#offset,
        steps_per_epoch: this.#stepsPerEpoch,
        total_steps: this.#totalSteps + this.#offset,
        samples_per_s: this.#pace.samples_per_s,
        elapsed_ms: this.#pace.elapsed_ms,
        remaining_ms: this.#step > 0 ? (this.#pace.elapsed_ms / this.#step) * (this.#totalSteps - this.#step) : 0,
        training_points,
        held_out_points,
      },
      [training_points.buffer, held_out_points.buffer],
    );
  }

  #firstLayer(session: Session) {
    if (this.#filters?.step !== this.#step) {
      const bytes = session.getWeights();
      this.#filters = {
        step: this.#step,
        weights: tensorOf(bytes, 'conv2d/kernel'),
        biases: tensorOf(bytes, 'conv2d/bias'),
      };
    }
    return this.#filters!;
  }
}
