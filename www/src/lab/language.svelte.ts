// The language-model room's state: a text, a model, how it trains, what it writes.
import { WorkerClient, WorkerFailure, type WorkerPort } from '../../workers/client.ts';
import type { AttentionMap, Failure, LanguageCalls, LanguageEvent, Learnt, Lookup, Sampled, Scribble, Settings, Started, Timings, Touched } from '../../workers/language/protocol.ts';
import type { Language } from '../i18n/index.svelte.ts';
import { usual } from './language/settings.ts';

export type { AttentionMap, Learnt, Lookup, Sampled, Settings, Timings, Touched };

export type Phase = 'idle' | 'starting' | 'training' | 'paused' | 'done' | 'failed';

interface Points {
  x: number[];
  y: number[];
}

/** A model that was trained in this visit, and how it stands on what was kept back. */
export interface Try {
  settings: Settings;
  started: Started;
  step: number;
  /** In nats a token. */
  loss: number;
}

/** Of a loss in nats a token: what a byte costs, which is one measure for every tokeniser. */
export const bitsPerByte = (loss: number, bytesPerToken: number): number => loss / Math.LN2 / bytesPerToken;

class LanguageRoom {
  /** The reader's own text, or null for the page's. */
  ownText = $state.raw<string | null>(null);
  settings = $state.raw<Settings>(usual);
  phase = $state<Phase>('idle');
  failure = $state.raw<Failure | null>(null);
  started = $state.raw<Started | null>(null);
  step = $state(0);
  speed = $state(0);
  /** Changes whenever the curves have. */
  version = $state(0);
  scribbles = $state.raw<Scribble[]>([]);
  /** The models of this visit, the newest last. */
  tries = $state.raw<Try[]>([]);
  training: Points = { x: [], y: [] };
  heldOut: Points = { x: [], y: [] };

  #client = new WorkerClient<LanguageCalls, LanguageEvent>(
    () => new Worker(new URL('../../workers/language/language.worker.ts', import.meta.url), { type: 'module' }) as unknown as WorkerPort<LanguageCalls, LanguageEvent>,
    { event: (event) => this.#hear(event), crash: (failure) => this.#fail(failure) },
  );
  #texts = new Map<Language, Promise<string>>();

  get running(): boolean {
    return this.phase === 'training' || this.phase === 'paused';
  }

  /** The page's own text in this language: its answers to the interview questions. */
  pageText(language: Language): Promise<string> {
    let text = this.#texts.get(language);
    if (!text) {
      text = fetch(new URL(`data/corpus.${language}.txt`, document.baseURI)).then((response) => {
        if (!response.ok) throw new WorkerFailure({ code: 'download_failed', fields: { file: `corpus.${language}.txt`, status: String(response.status) }, fatal: false });
        return response.text();
      });
      text.catch(() => this.#texts.delete(language)); // The next press tries again.
      this.#texts.set(language, text);
    }
    return text;
  }

  async start(language: Language): Promise<void> {
    this.phase = 'starting';
    this.failure = null;
    this.training = { x: [], y: [] };
    this.heldOut = { x: [], y: [] };
    this.scribbles = [];
    this.step = 0;
    this.version += 1;
    await this.#try(async () => {
      const text = this.ownText ?? (await this.pageText(language));
      const settings = this.settings;
      const started = await this.#client.ask('start', { settings, text });
      this.started = started;
      this.tries = [...this.tries.slice(-7), { settings, started, step: 0, loss: NaN }];
      this.phase = 'training';
    });
  }

  async pause(): Promise<void> {
    await this.#try(async () => {
      await this.#client.ask('pause', {});
      if (this.phase === 'training') this.phase = 'paused';
    });
  }

  async resume(): Promise<void> {
    await this.#try(async () => {
      await this.#client.ask('resume', {});
      if (this.phase === 'paused') this.phase = 'training';
    });
  }

  sample(asked: LanguageCalls['sample']['ask']): Promise<Sampled> {
    return this.#client.ask('sample', asked);
  }

  attend(text: string): Promise<{ tokens: string[]; maps: AttentionMap[] }> {
    return this.#client.ask('attend', { text });
  }

  learn(text: string, size: number, signal: AbortSignal): Promise<Learnt> {
    return this.#client.ask('learn', { text, size }, { signal });
  }

  lookup(): Promise<Lookup> {
    return this.#client.ask('lookup', {});
  }

  touch(turn: number): Promise<Touched> {
    return this.#client.ask('touch', { turn });
  }

  near(text: string): Promise<LanguageCalls['near']['answer']> {
    return this.#client.ask('near', { text });
  }

  time(): Promise<Timings> {
    return this.#client.ask('time', {});
  }

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#fail(failureOf(error));
    }
  }

  #judge(step: number, loss: number) {
    const last = this.tries.at(-1);
    if (last) this.tries = [...this.tries.slice(0, -1), { ...last, step, loss }];
  }

  #fail(failure: Failure) {
    this.phase = 'failed';
    this.failure = failure;
    if (failure.fatal) this.started = null;
  }

  #hear(event: LanguageEvent | { kind: 'broken'; failure: Failure }) {
    switch (event.kind) {
      case 'progress':
        for (const [points, more] of [[this.training, event.training_points], [this.heldOut, event.held_out_points]] as const) {
          for (let at = 0; at < more.length; at += 3) {
            points.x.push(more[at]!);
            points.y.push(more[at + 1]!);
          }
        }
        this.step = event.step;
        if (event.held_out_points.length > 0) this.#judge(event.held_out_points.at(-3)!, event.held_out_points.at(-2)!);
        this.speed = event.tokens_per_s;
        this.version += 1;
        return;
      case 'scribble':
        this.scribbles = [event, ...this.scribbles];
        return;
      case 'finished':
        this.phase = 'done';
        return;
      case 'broken':
        this.#fail(event.failure);
    }
  }
}

/** What went wrong, as a sentence's code and fields. */
export function failureOf(error: unknown): Failure {
  if (error instanceof WorkerFailure) return error.failure;
  return { code: 'download_unreachable', fields: { file: 'corpus' }, fatal: false };
}

export const room = new LanguageRoom();
