// The compression bench: one trained network, and what is made of it; the slow in slices, one thing at a time.
import type { Engine, RunSpec, Session } from 'danlu';
import { quantise, repeatStep, steps } from 'danlu/compression';
import type { RequestOf } from '../client.ts';
import { failureOf, Refused } from '../failure.ts';
import { summaryOf, type Shelf } from '../lab/data.ts';
import { runOf } from '../lab/describe.ts';
import { BaseTraining, judge, Pruning, Teaching, type Job } from './jobs.ts';
import { Measurement, median, time } from './measure.ts';
import { Models } from './models.ts';
import type { CompressCalls, CompressEvent, Dataset, LabSpec, LayerTime } from './protocol.ts';
import { studentModel } from './students.ts';

const slice_ms = 40;
const say_ms = 120;
/** Training samples that ranges are seen on, in equal parts from the whole set. */
const calibrated = 256;
const layerRounds = 9;

export class Compress {
  #engine: Engine | undefined;
  #models = new Models();
  #spec: LabSpec | undefined;
  #data: Dataset | undefined;
  #job: Job | undefined;
  #measurement: Measurement | undefined;
  /** While what a job gave is being packed. */
  #packing = false;
  #said = -Infinity;

  constructor(
    private readonly engine: () => Promise<Engine>,
    private readonly shelf: Shelf,
    private readonly say: (event: CompressEvent) => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get busy(): boolean {
    return this.#job !== undefined || this.#measurement !== undefined;
  }

  async perform(request: RequestOf<CompressCalls>): Promise<CompressCalls[keyof CompressCalls]['answer']> {
    const engine = (this.#engine ??= await this.engine());
    switch (request.call) {
      case 'own':
        this.shelf.own(request.ask.own);
        return null;
      case 'give':
        return this.shelf.give(request.ask.dataset);
      case 'begin':
        return this.#begin(engine, request.ask.spec, request.ask.weights);
      case 'prune':
        this.#free();
        return this.#prune(engine, request.ask);
      case 'quantise':
        this.#free();
        await this.#quantise(engine, request.ask);
        return null;
      case 'distil': {
        this.#free();
        const { spec, data } = this.#begun();
        const model = studentModel(request.ask.student, data.shape, data.classes.length);
        this.#job = new Teaching(engine, this.#models.session('A'), this.#tuning({ ...spec, model }, 0.002), data, spec.seed, request.ask);
        return null;
      }
      case 'measure':
        this.#free();
        this.#measure();
        return null;
      case 'layers':
        this.#free();
        return this.#layers(request.ask.id);
      case 'file': {
        const { files } = this.#models.held(request.ask.id);
        const bytes = files.get(request.ask.kind);
        if (!bytes) throw new Refused('no_run');
        return bytes;
      }
      case 'remove':
        this.#measurement = undefined;
        this.#models.remove(request.ask.id);
        return null;
      case 'stop':
        return this.#stop();
    }
  }

  #begun(): { spec: LabSpec; data: Dataset } {
    if (!this.#spec || !this.#data || this.#models.rows.length === 0) throw new Refused('no_run');
    return { spec: this.#spec, data: this.#data };
  }

  /** One thing at a time: what is asked for now would slow what is under way, and spoil its timings. */
  #free() {
    if (this.#job) throw new Refused('compress_busy');
    this.#measurement = undefined;
  }

  async #begin(engine: Engine, spec: LabSpec, weights: Uint8Array<ArrayBuffer> | null) {
    const data = await this.shelf.find(spec.data, engine);
    if (data.heldOut.labels.length !== data.heldOut.count) throw new Refused('compress_data', { name: spec.data.name });
    const total = Math.max(1, spec.strategy.epochs * Math.ceil(data.train.count / (spec.strategy.batch_size ?? 32)));
    const run = runOf(spec, total);
    const session = engine.createSession(run, spec.seed);
    try {
      if (weights) session.setWeights(weights);
      const answers = session.layers().at(-1)!.outputShape;
      if (!session.takesLabels || answers.length !== 1) throw new Refused('compress_data', { name: spec.data.name });
      this.#stopQuietly();
      this.#models.clear();
      [this.#spec, this.#data] = [spec, data];
      if (weights) {
        const judged = judge(session, data);
        await this.#base(engine, run, session.getWeights(), judged);
        session.free();
      } else {
        session.setData('train', data.train.x, data.train.labels);
        this.#job = new BaseTraining(session, run, data, spec.strategy.epochs);
      }
    } catch (error) {
      session.free();
      throw error;
    }
    return summaryOf(data);
  }

  async #base(engine: Engine, run: RunSpec, weights: Uint8Array, judged: { loss: number; accuracy: number }) {
    const row = await this.#models.addF32(engine, { type: 'base' }, run, weights, judged);
    this.say({ kind: 'base', base: { row, data: summaryOf(this.#data!), variant: engine.variant } });
    this.#measure();
  }

  /** How a network trains on: the run's loss and batches, Adam at a constant rate. */
  #tuning({ model, strategy }: LabSpec, learning_rate: number): RunSpec {
    const { batch_size, augment = null } = strategy;
    return { model, loss: 'categorical_cross_entropy', optimizer: { type: 'adam', learning_rate }, batch_size: batch_size ?? 32, augment };
  }

  #prune(engine: Engine, ask: CompressCalls['prune']['ask']): null {
    const { spec, data } = this.#begun();
    const run = this.#tuning(spec, 0.0005);
    const session = engine.createSession(run, spec.seed + 1);
    try {
      session.setWeights(this.#models.session('A').getWeights());
      session.setData('train', data.train.x, data.train.labels);
      this.#job = new Pruning(session, run, data, { type: 'pruned', ...ask });
    } catch (error) {
      session.free();
      throw error;
    }
    return null;
  }

  async #quantise(engine: Engine, ask: CompressCalls['quantise']['ask']) {
    const { data } = this.#begun();
    const { spec } = this.#models.held(ask.of);
    const { per_channel, calibration, percent } = ask;
    const made = quantise(engine, this.#models.session(ask.of), this.#samples(data), {
      per_channel,
      calibration,
      ...(calibration === 'percentile' ? { percent } : {}),
    });
    const row = await this.#models.addInt8(engine, { type: 'int8', ...ask }, made, spec, (model) => judge(model, data));
    this.say({ kind: 'row', row });
    this.#measure();
  }

  /** Some of the training samples, from all over it. */
  #samples({ train }: Dataset): Float32Array {
    const width = train.x.length / train.count;
    const count = Math.min(calibrated, train.count);
    const x = new Float32Array(count * width);
    for (let at = 0; at < count; at += 1) {
      const from = Math.floor((at * train.count) / count) * width;
      x.set(train.x.subarray(from, from + width), at * width);
    }
    return x;
  }

  #measure() {
    const { data } = this.#begun();
    const width = data.heldOut.x.length / data.heldOut.count;
    this.#measurement = new Measurement(this.#models.entries(), data.heldOut.x, width, this.now);
  }

  /** One slice of what is under way. */
  async advance(): Promise<void> {
    const begun = this.now();
    if (this.#job) await this.#advanceJob(this.#job, begun);
    else if (this.#measurement) this.#advanceMeasurement(this.#measurement, begun);
  }

  async #advanceJob(job: Job, begun: number) {
    try {
      do job.advance();
      while (job.done < job.all && this.now() - begun < slice_ms);
      if (this.now() - this.#said > say_ms || job.done >= job.all) {
        this.#said = this.now();
        const { what, done, all, lines } = job;
        job.lines = {};
        this.say({ kind: 'progress', what, done, all, lines });
      }
      if (job.done >= job.all) await this.#pack(job);
    } catch (error) {
      this.#refuse(job, error);
    }
  }

  /** What the job gave becomes rows. */
  async #pack(job: Job) {
    this.#packing = true;
    try {
      for (const { method, spec, weights, judged } of job.finish()) {
        if (method.type === 'base') await this.#base(this.#engine!, spec, weights, judged);
        else this.say({ kind: 'row', row: await this.#models.addF32(this.#engine!, method, spec, weights, judged) });
      }
      job.free();
      this.#job = undefined;
      this.#measure();
    } finally {
      this.#packing = false;
    }
  }

  #refuse(job: Job, error: unknown) {
    this.#job = undefined;
    const failure = failureOf(error);
    if (failure.fatal) throw error;
    job.free();
    this.say({ kind: 'refused', what: job.what, failure });
  }

  #advanceMeasurement(measurement: Measurement, begun: number) {
    do measurement.advance();
    while (!measurement.finished && this.now() - begun < slice_ms);
    this.say({ kind: 'progress', what: 'measure', done: measurement.done, all: measurement.all, lines: {} });
    if (!measurement.finished) return;
    this.#measurement = undefined;
    const latencies = measurement.latencies();
    this.say({ kind: 'measured', latencies, rounds: measurement.all - 1 });
  }

  #stop(): null {
    const what = this.#job?.what ?? (this.#measurement ? 'measure' : undefined);
    this.#stopQuietly();
    if (what) this.say({ kind: 'stopped', what });
    return null;
  }

  #stopQuietly() {
    if (this.#packing) throw new Refused('compress_busy');
    this.#job?.free();
    this.#job = undefined;
    this.#measurement = undefined;
  }

  /** Each int8 step against the f32 steps of the same layers, in turn. */
  #layers(id: string): { times: LayerTime[]; batch: number } {
    const { data } = this.#begun();
    const { row, quantised, spec } = this.#models.held(id);
    if (row.method.type !== 'int8' || !quantised) throw new Refused('no_run');
    const f32: Session = this.#models.session(row.method.of);
    const names = steps(f32);
    const width = data.heldOut.x.length / data.heldOut.count;
    // A session always has room for a batch of its own.
    const n = Math.min(32, spec.batch_size ?? 32, data.heldOut.count);
    const x = data.heldOut.x.slice(0, n * width);
    f32.predict(x);
    quantised.predict(x);
    const times = row.layers.map((layer, step) => {
      // Those of f32 that this step stands for; a fused one bears the name of its first.
      const own = [layer.name, ...layer.folded].map((name) => names.indexOf(name)).filter((at) => at >= 0);
      const [int8, float] = [[] as number[], [] as number[]];
      for (let round = 0; round <= layerRounds; round += 1) {
        const a = time((times) => quantised.repeatStep(step, times), 1, this.now).ms;
        const b = own.reduce((all, at) => all + time((times) => repeatStep(f32, at, n, times), 1, this.now).ms, 0);
        if (round === 0) continue;
        int8.push(a);
        float.push(b);
      }
      return { name: layer.name, folded: layer.folded, int8_ms: median(int8), f32_ms: median(float) };
    });
    return { times, batch: n };
  }
}
