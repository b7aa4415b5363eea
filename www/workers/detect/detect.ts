// The detection room's worker: a detector that trains, scenes that it looks at, and how good it is; the slow in slices.
import type { Engine, Session } from 'danlu';
import type { RequestOf } from '../client.ts';
import { splitDigits } from '../digits.ts';
import { failureOf, Refused } from '../failure.ts';
import { lossOf, targetsFor, type Loss } from './loss.ts';
import { heldOutSeed, Measurement } from './measure.ts';
import { batch, cells, channels, decode, specOf } from './network.ts';
import { scoreLeast, type DetectCalls, type DetectEvent, type SceneAnswer, type SceneAsk, type Training } from './protocol.ts';
import { draw, Pool, sceneOf, side } from './scenes.ts';

const slice_ms = 40;
const say_ms = 150;
/** What training scenes are like: many digits, so that a step sees much, and crowds among them. */
const trainedOn = { digits: 14, crowd: 0.3 };

interface Detector {
  session: Session;
  training: Training;
  step: number;
  elapsed_ms: number;
}

export class Detect {
  #engine: Engine | undefined;
  #pools: { train: Pool; heldOut: Pool } | undefined;
  #detector: Detector | undefined;
  #measurement: Measurement | undefined;
  #measured: { key: string; measurement: Measurement } | undefined;
  #sum: Loss = { objectness: 0, label: 0, box: 0, iou: 0 };
  #summed = 0;
  #said = -Infinity;

  constructor(
    private readonly engine: () => Promise<Engine>,
    private readonly digits: () => Promise<[Uint8Array, Uint8Array]>,
    private readonly say: (event: DetectEvent) => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get busy(): boolean {
    return this.#training || this.#measurement !== undefined;
  }

  get #training(): boolean {
    return this.#detector !== undefined && this.#detector.step < this.#detector.training.steps;
  }

  async perform(request: RequestOf<DetectCalls>): Promise<DetectCalls[keyof DetectCalls]['answer']> {
    const engine = (this.#engine ??= await this.engine());
    if (!this.#pools) {
      const [images, labels] = await this.digits();
      const { train, heldOut } = splitDigits(engine, images, labels);
      this.#pools = { train: new Pool(train), heldOut: new Pool(heldOut) };
    }
    const { heldOut } = this.#pools;
    switch (request.call) {
      case 'train': {
        const session = engine.createSession(specOf(request.ask.steps), request.ask.seed);
        this.#measurement = this.#measured = undefined;
        this.#detector?.session.free();
        this.#detector = { session, training: request.ask, step: 0, elapsed_ms: 0 };
        this.#empty();
        return { parameters: session.parameterCount, variant: engine.variant };
      }
      case 'stop':
        this.#stop();
        return null;
      case 'scene':
        return this.#scene(request.ask, heldOut);
      case 'pick':
        return { digit: heldOut.nth(request.ask.label, request.ask.nth) };
      case 'measure': {
        const { settings, scenes, byClass } = request.ask;
        if (!this.#detector || this.#training) throw new Refused('detect_untrained');
        const key = JSON.stringify([settings, scenes]);
        const proposed = this.#measured?.key === key ? this.#measured.measurement.proposed : [];
        this.#measurement = new Measurement(this.#detector.session, heldOut, settings, scenes, byClass, proposed);
        this.#measured = { key, measurement: this.#measurement };
        return null;
      }
    }
  }

  /** One slice of what is under way. */
  advance(): void {
    const begun = this.now();
    if (this.#training) this.#advanceTraining(this.#detector!, begun);
    else if (this.#measurement) this.#advanceMeasurement(this.#measurement, begun);
  }

  #advanceTraining(detector: Detector, begun: number) {
    const { training } = detector;
    try {
      do this.#step(detector);
      while (this.#training && this.now() - begun < slice_ms);
    } catch (error) {
      const failure = failureOf(error);
      if (!failure.fatal) this.#stop();
      throw error;
    }
    detector.elapsed_ms += this.now() - begun;
    if (this.now() - this.#said > say_ms || !this.#training) {
      this.#said = this.now();
      const mean = (part: keyof Loss) => this.#sum[part] / this.#summed;
      this.say({ kind: 'progress', step: detector.step, steps: training.steps, loss: { objectness: mean('objectness'), label: mean('label'), box: mean('box'), iou: mean('iou') } });
      this.#empty();
    }
    if (!this.#training) this.say({ kind: 'trained', training, elapsed_ms: detector.elapsed_ms });
  }

  /** What the network says of a batch, the loss of it, and one step by the loss's gradient. */
  #step(detector: Detector) {
    const { session, training } = detector;
    const scenes = Array.from({ length: batch }, (_, at) => sceneOf(this.#pools!.train, training.seed * 1_000_003 + detector.step * batch + at, trainedOn));
    const x = new Float32Array(batch * side * side);
    scenes.forEach(({ image }, at) => x.set(image, at * side * side));
    const answer = session.predict(x);
    const gradient = new Float32Array(batch * cells * channels);
    const loss = lossOf(answer, scenes.map(({ truths }) => truths), training.box, gradient);
    session.trainBatch(x, targetsFor(answer, gradient));
    detector.step += 1;
    for (const part of Object.keys(loss) as (keyof Loss)[]) this.#sum[part] += loss[part];
    this.#summed += 1;
  }

  #advanceMeasurement(measurement: Measurement, begun: number) {
    let measured;
    do measured = measurement.advance();
    while (!measured && this.now() - begun < slice_ms);
    if (measured) {
      this.#measurement = undefined;
      this.say({ kind: 'measured', measured });
    } else if (this.now() - this.#said > say_ms) {
      this.#said = this.now();
      this.say({ kind: 'measuring', done: measurement.done, all: measurement.all });
    }
  }

  #scene(ask: SceneAsk, pool: Pool): SceneAnswer {
    const scene =
      ask.kind === 'random' ? sceneOf(pool, heldOutSeed(ask.number), ask.settings)
      : ask.kind === 'placed' ? { image: draw(pool, ask.placed), placed: ask.placed, truths: ask.placed.map((each) => ({ box: pool.boxOf(each), label: pool.labelOf(each.digit) })) }
      : { image: ask.image, placed: [], truths: [] };
    const detector = this.#detector;
    const proposals = detector && detector.step > 0 ? decode(detector.session.predict(scene.image), scoreLeast) : null;
    return { ...scene, proposals };
  }

  /** A training that is stopped leaves the detector as it is. */
  #stop() {
    if (!this.busy) return;
    if (this.#training) this.#detector!.training = { ...this.#detector!.training, steps: this.#detector!.step };
    if (this.#detector?.step === 0) {
      this.#detector.session.free();
      this.#detector = undefined;
    }
    if (this.#measurement) this.#measured = undefined;
    this.#measurement = undefined;
    this.say({ kind: 'stopped' });
  }

  #empty() {
    this.#sum = { objectness: 0, label: 0, box: 0, iou: 0 };
    this.#summed = 0;
  }
}
