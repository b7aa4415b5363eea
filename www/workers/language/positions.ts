// One small model for each kind of positions, trained alike; then read beyond its context, moved, and asked what it hears.
import type { Engine, Rotary, Session } from 'danlu';
import type { RequestOf } from '../client.ts';
import { failureOf, Refused } from '../failure.ts';
import { fileOf, tensorsOf } from '../safetensors.ts';
import { runSpec } from './model.ts';
import type { Begun, ByDistance, Moved, Positions, PositionsCalls, PositionsEvent, Reading, Studied } from './positions.protocol.ts';
import { positionKinds } from './protocol.ts';
import { generator } from './random.ts';
import { readCorpus, windows, type Corpus } from './text.ts';

/** A slice of work is at most so long, so that a stop is heard soon. */
const SLICE_MS = 60;
const SAY_MS = 90;
/** Small enough for three trainings within a minute on an old laptop. */
export const sizes = { context: 32, width: 64, heads: 4, blocks: 2, batch_size: 16, learning_rate: 0.003, steps: 400 };
/** Held-out windows at most, how far apart they begin at least, and how many are read at once. */
const WINDOWS = 512;
const APART = 16;
const AT_ONCE = 16;
/** Windows whose attention is looked at. */
const LOOKED = 16;

const reach = 2 * sizes.context;
const key = sizes.width / sizes.heads;
/** Angles for a reach of twice the context: NTK-aware scaling raises the base, interpolation halves every position. */
const stretched: Record<Exclude<Reading, 'plain'>, Rotary> = { ntk: { base: 10_000 * 2 ** (key / (key - 2)) }, interpolated: { scale: 0.5 } };

export class PositionsStudy {
  #work: Generator<void, void> | undefined;
  #elapsed_ms = 0;

  constructor(
    private readonly engine: () => Promise<Engine>,
    private readonly say: (event: PositionsEvent) => void,
    private readonly now: () => number = () => performance.now(),
    private readonly steps = sizes.steps,
  ) {}

  get busy(): boolean {
    return this.#work !== undefined;
  }

  async perform(request: RequestOf<PositionsCalls>): Promise<Begun | null> {
    // A study that is given up frees its session.
    this.#work?.return();
    this.#work = undefined;
    if (request.call === 'stop') return null;
    const { text, seed } = request.ask;
    const corpus = readCorpus(text, { tokeniser: 'characters', vocabulary: 0 });
    const least = 10 * (reach + 2);
    if (corpus.heldOut.length < reach + 2) throw new Refused('text_too_short', { expected: String(least), got: String(corpus.train.length + corpus.heldOut.length) });
    const engine = await this.engine();
    const space = corpus.heldOut.length - reach - 1;
    const count = Math.min(WINDOWS, Math.floor(space / APART) + 1);
    const starts = Array.from({ length: count }, (_, at) => Math.floor((at * space) / Math.max(1, count - 1)));
    this.#elapsed_ms = 0;
    this.#work = this.#study(new Bench(engine, corpus, starts, { seed, steps: this.steps }));
    const { context } = sizes;
    return { variant: engine.variant, context, reach, steps: this.steps, train: corpus.train.length, held_out: corpus.heldOut.length, windows: count, blind_loss: Math.log(corpus.tokeniser.labels.length) };
  }

  /** One slice; what is new is said. */
  advance(): void {
    const begun = this.now();
    while (this.#work && this.now() - begun < SLICE_MS) {
      if (this.#work.next().done) {
        this.#work = undefined;
        this.say({ kind: 'finished', elapsed_ms: this.#elapsed_ms + this.now() - begun });
      }
    }
    this.#elapsed_ms += this.now() - begun;
  }

  *#study(bench: Bench): Generator<void, void> {
    for (const positions of positionKinds) {
      const session = bench.session(positions, sizes.context);
      try {
        let said = -Infinity;
        for (const { step, loss } of bench.train(session)) {
          if (step === this.steps || this.now() - said > SAY_MS) {
            said = this.now();
            this.say({ kind: 'progress', positions, step, loss });
          }
          yield;
        }
        this.say({ kind: 'judging', positions });
        this.say({ kind: 'studied', result: yield* bench.judge(positions, session) });
      } finally {
        session.free();
      }
    }
  }
}

/** The same text, windows and batches for every kind. */
class Bench {
  constructor(
    private readonly engine: Engine,
    private readonly corpus: Corpus,
    private readonly starts: number[],
    private readonly run: { seed: number; steps: number },
  ) {}

  session(positions: Positions, context: number, rotary: Rotary = {}): Session {
    const spec = runSpec({ ...sizes, steps: this.run.steps, positions, context }, this.corpus.tokeniser.labels.length, rotary);
    return this.engine.createSession(spec, this.run.seed);
  }

  *train(session: Session): Generator<{ step: number; loss: number }> {
    const { context, batch_size } = sizes;
    const { seed, steps } = this.run;
    const random = generator(seed);
    const space = this.corpus.train.length - context - 1;
    for (let step = 1; step <= steps; step += 1) {
      const starts = Array.from({ length: batch_size }, () => Math.floor(random() * space));
      const { x, next } = windows(this.corpus.train, context, starts);
      yield { step, loss: session.trainBatch(x, next).loss };
    }
  }

  *judge(positions: Positions, session: Session): Generator<void, Studied> {
    const { context } = sizes;
    const weights = session.getWeights();
    const readings: Studied['readings'] = [];
    const refusal = this.#refusal(positions, weights);
    const ways: [Reading, Rotary][] = [['plain', {}], ...(positions === 'rotary' ? (Object.entries(stretched) as [Reading, Rotary][]) : [])];
    for (const [how, rotary] of ways) readings.push({ how, loss: yield* this.#read(positions, weights, refusal ? context : reach, rotary) });
    const near = readings[0]!.loss.subarray(0, context);
    return {
      positions,
      parameters: session.parameterCount,
      held_out_loss: near.reduce((sum, loss) => sum + loss, 0) / context,
      readings,
      refusal,
      moved: yield* this.#move(positions, weights),
      attention: yield* this.#attention(session),
    };
  }

  /** A model for `length` characters with the trained weights; what the engine says where they don't fit. */
  #refusal(positions: Positions, weights: Uint8Array): Studied['refusal'] {
    const session = this.session(positions, reach);
    try {
      session.setWeights(weights);
      return null;
    } catch (error) {
      return failureOf(error);
    } finally {
      session.free();
    }
  }

  #with(weights: Uint8Array, positions: Positions, length: number, rotary: Rotary = {}): Session {
    const session = this.session(positions, length, rotary);
    try {
      session.setWeights(weights);
    } catch (error) {
      session.free();
      throw error;
    }
    return session;
  }

  /** Mean loss at each of the first `length` characters of every window. */
  *#read(positions: Positions, weights: Uint8Array, length: number, rotary: Rotary): Generator<void, Float64Array<ArrayBuffer>> {
    const session = this.#with(weights, positions, length, rotary);
    const loss = new Float64Array(length);
    try {
      for (let from = 0; from < this.starts.length; from += AT_ONCE) {
        const { x, next } = windows(this.corpus.heldOut, length, this.starts.slice(from, from + AT_ONCE));
        const p = session.predict(x);
        const classes = p.length / next.length;
        next.forEach((token, at) => (loss[at % length]! -= Math.log(p[at * classes + token]!) / this.starts.length));
        yield;
      }
    } finally {
      session.free();
    }
    return loss;
  }

  /** Half a context, read at the first places and at the later ones. */
  *#move(positions: Positions, weights: Uint8Array): Generator<void, Moved> {
    const by = sizes.context / 2;
    const here = this.#with(positions === 'learned' ? rowsFrom(weights, 0, by) : weights, positions, by);
    const there = this.#with(positions === 'learned' ? rowsFrom(weights, by, by) : weights, positions, by, { start: by });
    const moved: Moved = { by, loss: 0, moved_loss: 0, most: 0 };
    try {
      for (let from = 0; from < this.starts.length; from += AT_ONCE) {
        const { x, next } = windows(this.corpus.heldOut, by, this.starts.slice(from, from + AT_ONCE));
        const [p, q] = [here.predict(x), there.predict(x)];
        const classes = p.length / next.length;
        const all = this.starts.length * by;
        next.forEach((token, at) => {
          moved.loss -= Math.log(p[at * classes + token]!) / all;
          moved.moved_loss -= Math.log(q[at * classes + token]!) / all;
        });
        p.forEach((one, at) => (moved.most = Math.max(moved.most, Math.abs(one - q[at]!))));
        yield;
      }
    } finally {
      here.free();
      there.free();
    }
    return moved;
  }

  /** Over the later half of each window, so that every distance is heard equally often. */
  *#attention(session: Session): Generator<void, ByDistance[]> {
    const { context } = sizes;
    const half = context / 2;
    const means: ByDistance[] = [];
    const every = Math.max(1, Math.floor(this.starts.length / LOOKED));
    const looked = this.starts.filter((_, at) => at % every === 0).slice(0, LOOKED);
    const decoder = session.decoder();
    try {
      for (const start of looked) {
        decoder.truncate(0);
        for (let row = 0; row < context; row += 1) {
          decoder.step(this.corpus.heldOut[start + row]!);
          if (row < half) continue;
          decoder.attention().forEach(({ name, shares }, at) => {
            const heads = shares.length / (row + 1);
            const mean = (means[at] ??= { layer: name, heads, shares: new Float64Array(heads * half) });
            for (let head = 0; head < heads; head += 1)
              for (let distance = 0; distance < half; distance += 1)
                mean.shares[head * half + distance]! += shares[head * (row + 1) + row - distance]! / (looked.length * half);
          });
        }
        yield;
      }
    } finally {
      decoder.free();
    }
    return means;
  }
}

/** The weights with `count` rows of the learned positions, from this one on. */
function rowsFrom(weights: Uint8Array, first: number, count: number): Uint8Array {
  const tensors = tensorsOf(weights);
  const { shape, values } = tensors.get('positions/embeddings')!;
  const width = shape[1]!;
  tensors.set('positions/embeddings', { shape: [count, width], values: values.slice(first * width, (first + count) * width) });
  return fileOf(tensors);
}
