// A small language model: trains in slices, writes, shows its attention and its embedding, and times its KV cache.
import type { Engine, RunSpec, Session } from 'danlu';
import type { RequestOf } from '../client.ts';
import { Refused } from '../failure.ts';
import { countPieces, lengthsOf, trainMerges } from './bpe.ts';
import { lookUp, neighbours, tableOf, touch, type Model } from './embedding.ts';
import { runSpec } from './model.ts';
import type { AttentionMap, LanguageCalls, LanguageEvent, Learnt, Sampled, Sampling, Settings, Started, Timings } from './protocol.ts';
import { generator } from './random.ts';
import { CachedReader, WholeReader } from './readers.ts';
import { candidates, draw, type Choice } from './sampling.ts';
import { cutText, readCorpus, windows, type Corpus } from './text.ts';

/** A slice of training is at most so long, so that requests are answered soon. */
const SLICE_MS = 60;
const SAY_MS = 90;
/** How often what was kept back is judged, and the model writes a line; in parts of the run. */
const LOOKS = 20;
const SCRIBBLES = 6;
const SCRIBBLE_LENGTH = 100;
/** The kept-back text is judged whole where it has no more windows than these, else by as many, evenly spread. */
const JUDGED = 128;

/** Tokens that the training part has less often are nobody's neighbours: their rows are still as they were drawn. */
const SEEN = 10;

interface Run {
  settings: Settings;
  engine: Engine;
  spec: RunSpec;
  corpus: Corpus;
  session: Session;
  random: () => number;
  step: number;
  training: number[];
  heldOut: number[];
  judged: ReturnType<typeof windows>;
  spent_ms: number;
  /** When the page last heard of it. */
  said: number;
}

export class Language {
  #run: Run | undefined;
  #paused = false;

  constructor(
    private readonly engine: () => Promise<Engine>,
    private readonly say: (event: LanguageEvent, transfer?: Transferable[]) => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get busy(): boolean {
    return this.#run !== undefined && !this.#paused && this.#run.step < this.#run.settings.steps;
  }

  async perform(request: RequestOf<LanguageCalls>): Promise<LanguageCalls[keyof LanguageCalls]['answer']> {
    switch (request.call) {
      case 'start':
        return this.#start(request.ask.settings, request.ask.text);
      case 'pause':
        this.#paused = true;
        return null;
      case 'resume':
        this.#paused = false;
        return null;
      case 'sample':
        return this.#sample(request.ask);
      case 'attend':
        return this.#attend(request.ask.text);
      case 'time':
        return this.#time();
      case 'lookup':
        return lookUp(this.#model(), this.#drawn(generator(0)).x, this.now);
      case 'touch':
        return touch(this.#model(), this.#drawn(generator(request.ask.turn)), this.#begun().corpus.tokeniser.labels);
      case 'near':
        return this.#near(request.ask.text);
      case 'learn':
        return this.#learn(request.ask.text, request.ask.size);
    }
  }

  async #start(settings: Settings, text: string): Promise<Started> {
    const corpus = readCorpus(text, settings);
    const vocabulary = corpus.tokeniser.labels;
    const least = 2 * settings.context + 2;
    for (const part of [corpus.train, corpus.heldOut]) {
      if (part.length < least) {
        throw new Refused('text_too_short', { expected: String(Math.ceil(least * 10)), got: String(corpus.train.length + corpus.heldOut.length) });
      }
    }
    const engine = await this.engine();
    const spec = runSpec(settings, vocabulary.length);
    const session = engine.createSession(spec, settings.seed);
    this.#run?.session.free();
    const space = corpus.heldOut.length - settings.context - 1;
    const judged = Math.max(1, Math.min(JUDGED, Math.floor(space / settings.context)));
    const starts = Array.from({ length: judged }, (_, at) => Math.floor((at * space) / Math.max(1, judged - 1)));
    this.#run = {
      settings,
      engine,
      spec,
      corpus,
      session,
      random: generator(settings.seed),
      step: 0,
      training: [],
      heldOut: [],
      judged: windows(corpus.heldOut, settings.context, starts),
      spent_ms: 0,
      said: -Infinity,
    };
    this.#paused = false;
    this.#look(this.#run);
    return {
      variant: engine.variant,
      vocabulary,
      train: corpus.train.length,
      held_out: corpus.heldOut.length,
      parameters: session.parameterCount,
      blind_loss: Math.log(vocabulary.length),
      bytes_per_token: {
        train: mean(corpus.trainBytes),
        held_out: mean(starts.flatMap((start) => [...corpus.heldOutBytes.subarray(start + 1, start + settings.context + 1)])),
      },
      rare: corpus.rare / corpus.heldOut.length,
    };
  }

  /** One slice of training; what is new is said. */
  advance(): void {
    const run = this.#run;
    if (!run || !this.busy) return;
    const { settings, session } = run;
    const begun = this.now();
    while (this.busy && this.now() - begun < SLICE_MS) {
      const { x, next } = this.#drawn(run.random);
      const { loss, accuracy } = session.trainBatch(x, next);
      run.step += 1;
      run.training.push(run.step, loss, accuracy);
      if (this.#isTime(run, LOOKS)) this.#look(run);
      if (this.#isTime(run, SCRIBBLES)) this.#scribble(run);
    }
    run.spent_ms += this.now() - begun;
    const done = run.step >= settings.steps;
    if (done || this.now() - run.said > SAY_MS) this.#report(run);
    if (done) this.say({ kind: 'finished' });
  }

  /** A batch as training draws it. */
  #drawn(random: () => number): ReturnType<typeof windows> {
    const { corpus, settings } = this.#begun();
    const space = corpus.train.length - settings.context - 1;
    return windows(corpus.train, settings.context, Array.from({ length: settings.batch_size }, () => Math.floor(random() * space)));
  }

  #isTime({ step, settings }: Run, parts: number): boolean {
    const every = Math.max(1, Math.floor(settings.steps / parts));
    return step % every === 0 || step === settings.steps;
  }

  #look(run: Run) {
    const { loss, accuracy } = run.session.evaluateOn(run.judged.x, run.judged.next);
    run.heldOut.push(run.step, loss, accuracy);
  }

  #report(run: Run) {
    const points = (list: number[]) => Float64Array.from(list.splice(0));
    run.said = this.now();
    this.say({
      kind: 'progress',
      step: run.step,
      total_steps: run.settings.steps,
      tokens_per_s: (1000 * run.step * run.settings.batch_size * run.settings.context) / Math.max(1, run.spent_ms),
      training_points: points(run.training),
      held_out_points: points(run.heldOut),
    });
  }

  #scribble(run: Run) {
    const start = Math.floor(run.random() * (run.corpus.train.length - 1));
    const prompt = [run.corpus.train[start]!];
    const choice = { temperature: 0.8, top_k: 40, top_p: 1 };
    const tokens = this.#write(run, prompt, choice, SCRIBBLE_LENGTH, run.random, true);
    this.say({ kind: 'scribble', step: run.step, text: run.corpus.tokeniser.decode([...prompt, ...tokens]).text });
  }

  #write(run: Run, prompt: number[], choice: Choice, length: number, random: () => number, cached: boolean): number[] {
    const next = cached ? new CachedReader(run.session.decoder()) : new WholeReader(run.session, run.settings.context, run.corpus.tokeniser.labels.length);
    try {
      let answer = next.read(prompt);
      const written: number[] = [];
      for (let at = 0; at < length; at++) {
        const token = draw(candidates(answer, choice), random());
        written.push(token);
        if (at + 1 < length) answer = next.read([token]);
      }
      return written;
    } finally {
      next.free();
    }
  }

  #begun(): Run {
    if (!this.#run) throw new Refused('no_run');
    return this.#run;
  }

  #sample({ prompt, length, seed, cached, ...choice }: Sampling): Sampled {
    const run = this.#begun();
    const { tokens, unknown } = run.corpus.tokeniser.encode(prompt);
    // An empty prompt begins as the text does.
    if (tokens.length === 0) tokens.push(run.corpus.train[0]!);
    const begun = this.now();
    const written = this.#write(run, tokens, choice, length, generator(seed), cached);
    const ms_per_token = (this.now() - begun) / Math.max(1, tokens.length + length - 1);
    const { labels, decode } = run.corpus.tokeniser;
    return { ...decode(written), tokens: written.map((token) => labels[token]!), ms_per_token, unknown };
  }

  #attend(text: string): { tokens: string[]; maps: AttentionMap[] } {
    const run = this.#begun();
    const tokens = run.corpus.tokeniser.encode(text).tokens.slice(0, run.settings.context);
    const n = tokens.length;
    const decoder = run.session.decoder();
    const maps: AttentionMap[] = [];
    try {
      tokens.forEach((token, row) => {
        decoder.step(token);
        decoder.attention().forEach(({ name, shares }, layer) => {
          const heads = shares.length / (row + 1);
          const map = (maps[layer] ??= { layer: name, heads, shares: new Float32Array(heads * n * n) });
          for (let head = 0; head < heads; head++) {
            map.shares.set(shares.subarray(head * (row + 1), (head + 1) * (row + 1)), (head * n + row) * n);
          }
        });
      });
    } finally {
      decoder.free();
    }
    return { tokens: tokens.map((token) => run.corpus.tokeniser.labels[token]!), maps };
  }

  #model(): Model {
    const { engine, session, spec, settings } = this.#begun();
    return { engine, session, spec, context: settings.context };
  }

  #near(text: string): LanguageCalls['near']['answer'] {
    const { corpus, session } = this.#begun();
    const { labels, encode } = corpus.tokeniser;
    const token = encode(text).tokens[0];
    if (token === undefined) return null;
    const counts = new Uint32Array(labels.length);
    for (const each of corpus.train) counts[each] = counts[each]! + 1;
    return { label: labels[token]!, token, times: counts[token]!, near: neighbours(tableOf(session.getWeights()), token, counts, labels, SEEN) };
  }

  /** Byte-pair merges of what a text has to learn from, as `start` learns them; no model is needed. */
  #learn(text: string, size: number): Learnt {
    const { train, heldOut } = cutText(text);
    const begun = this.now();
    const { pairs, counts, lengths } = trainMerges(countPieces(train), size);
    const ms = this.now() - begun;
    return { pairs, counts, lengths, held_out_lengths: lengthsOf(heldOut, pairs), characters: { train: [...train].length, held_out: [...heldOut].length }, ms };
  }

  #time(): Timings {
    const { session, settings, corpus } = this.#begun();
    const { context, width, blocks } = settings;
    const classes = corpus.tokeniser.labels.length;
    const x = Float32Array.from(corpus.heldOut.subarray(0, context));
    const cached = new Float64Array(context).fill(Infinity);
    const whole = new Float64Array(context).fill(Infinity);
    let difference = 0;
    const decoder = session.decoder();
    try {
      // The first round is for the browser to compile; of the others the shortest counts, because others use the machine.
      for (let round = 0; round < 4; round++) {
        decoder.truncate(0);
        for (let at = 0; at < context; at++) {
          let begun = this.now();
          const answer = decoder.step(x[at]!);
          cached[at] = Math.min(cached[at]!, this.now() - begun);
          begun = this.now();
          const all = session.predict(x);
          whole[at] = Math.min(whole[at]!, this.now() - begun);
          answer.forEach((p, token) => (difference = Math.max(difference, Math.abs(p - all[at * classes + token]!))));
        }
      }
    } finally {
      decoder.free();
    }
    // Keys and values of each block, four bytes a number.
    const cache_bytes = 2 * blocks * context * settings.heads * Math.floor(width / settings.heads) * 4;
    return { cached, whole, difference, cache_bytes };
  }
}

const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
