// A character-level language model: trains in slices, writes, shows its attention, and times its KV cache.
import type { Engine, Session } from 'danlu';
import type { Decoder } from 'danlu/decoder';
import type { RequestOf } from '../client.ts';
import { Refused } from '../failure.ts';
import { runSpec } from './model.ts';
import type { AttentionMap, LanguageCalls, LanguageEvent, Sampled, Sampling, Settings, Started, Timings } from './protocol.ts';
import { generator } from './random.ts';
import { candidates, draw, type Choice } from './sampling.ts';
import { encode, readCorpus, windows, type Corpus } from './text.ts';

/** A slice of training is at most so long, so that requests are answered soon. */
const SLICE_MS = 60;
const SAY_MS = 90;
/** How often what was kept back is judged, and the model writes a line; in parts of the run. */
const LOOKS = 20;
const SCRIBBLES = 6;
const SCRIBBLE_LENGTH = 100;
/** Windows that the kept-back text is judged by. */
const JUDGED = 24;

interface Run {
  settings: Settings;
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
    }
  }

  async #start(settings: Settings, text: string): Promise<Started> {
    const corpus = readCorpus(text);
    const least = 2 * settings.context + 2;
    for (const part of [corpus.train, corpus.heldOut]) {
      if (part.length < least) {
        throw new Refused('text_too_short', { expected: String(Math.ceil(least * 10)), got: String(corpus.train.length + corpus.heldOut.length) });
      }
    }
    const engine = await this.engine();
    const session = engine.createSession(runSpec(settings, corpus.vocabulary.length), settings.seed);
    this.#run?.session.free();
    const space = corpus.heldOut.length - settings.context - 1;
    const starts = Array.from({ length: JUDGED }, (_, at) => Math.floor((at * space) / Math.max(1, JUDGED - 1)));
    this.#run = {
      settings,
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
      vocabulary: corpus.vocabulary,
      train: corpus.train.length,
      held_out: corpus.heldOut.length,
      parameters: session.parameterCount,
      blind_loss: Math.log(corpus.vocabulary.length),
    };
  }

  /** One slice of training; what is new is said. */
  advance(): void {
    const run = this.#run;
    if (!run || !this.busy) return;
    const { settings, corpus, session } = run;
    const begun = this.now();
    while (this.busy && this.now() - begun < SLICE_MS) {
      const space = corpus.train.length - settings.context - 1;
      const starts = Array.from({ length: settings.batch_size }, () => Math.floor(run.random() * space));
      const { x, next } = windows(corpus.train, settings.context, starts);
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
      characters_per_s: (1000 * run.step * run.settings.batch_size * run.settings.context) / Math.max(1, run.spent_ms),
      training_points: points(run.training),
      held_out_points: points(run.heldOut),
    });
  }

  #scribble(run: Run) {
    const start = Math.floor(run.random() * (run.corpus.train.length - 1));
    const prompt = [run.corpus.train[start]!];
    const choice = { temperature: 0.8, top_k: 40, top_p: 1 };
    const text = this.#write(run, prompt, choice, SCRIBBLE_LENGTH, run.random, true);
    this.say({ kind: 'scribble', step: run.step, text: run.corpus.vocabulary[prompt[0]!]! + text });
  }

  #write(run: Run, prompt: number[], choice: Choice, length: number, random: () => number, cached: boolean): string {
    const next = cached ? new CachedReader(run.session.decoder()) : new WholeReader(run.session, run.settings.context, run.corpus.vocabulary.length);
    try {
      let answer = next.read(prompt);
      let text = '';
      for (let at = 0; at < length; at++) {
        const token = draw(candidates(answer, choice), random());
        text += run.corpus.vocabulary[token]!;
        if (at + 1 < length) answer = next.read([token]);
      }
      return text;
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
    const { tokens, unknown } = encode(run.corpus.vocabulary, prompt);
    // An empty prompt begins as the text does.
    if (tokens.length === 0) tokens.push(run.corpus.train[0]!);
    const begun = this.now();
    const text = this.#write(run, tokens, choice, length, generator(seed), cached);
    return { text, ms_per_token: (this.now() - begun) / Math.max(1, tokens.length + length - 1), unknown };
  }

  #attend(text: string): { characters: string[]; maps: AttentionMap[] } {
    const run = this.#begun();
    const tokens = encode(run.corpus.vocabulary, text).tokens.slice(0, run.settings.context);
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
    return { characters: tokens.map((token) => run.corpus.vocabulary[token]!), maps };
  }

  #time(): Timings {
    const { session, settings, corpus } = this.#begun();
    const { context, width, blocks } = settings;
    const classes = corpus.vocabulary.length;
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

/** Reads with the KV cache. When the context is full, its later half is read anew: positions are absolute. */
class CachedReader {
  #tokens: number[] = [];

  constructor(private readonly decoder: Decoder) {}

  read(tokens: number[]): Float32Array {
    let answer = new Float32Array();
    const wanted = [...tokens];
    while (wanted.length > 0) {
      if (this.decoder.length === this.decoder.context) {
        const kept = this.#tokens.slice(-Math.floor(this.decoder.context / 2));
        this.#tokens = [];
        this.decoder.truncate(0);
        wanted.unshift(...kept);
      }
      const token = wanted.shift()!;
      this.#tokens.push(token);
      answer = this.decoder.step(token) as Float32Array<ArrayBuffer>;
    }
    return answer;
  }

  free() {
    this.decoder.free();
  }
}

/** Reads without one: the whole window is computed for every character. Moves on as CachedReader does. */
class WholeReader {
  #tokens: number[] = [];

  constructor(
    private readonly session: Session,
    private readonly context: number,
    private readonly classes: number,
  ) {}

  read(tokens: number[]): Float32Array {
    for (const token of tokens) {
      if (this.#tokens.length === this.context) this.#tokens = this.#tokens.slice(-Math.floor(this.context / 2));
      this.#tokens.push(token);
    }
    const x = new Float32Array(this.context);
    x.set(this.#tokens);
    const last = this.#tokens.length - 1;
    return this.session.predict(x).slice(last * this.classes, (last + 1) * this.classes);
  }

  free() {}
}
