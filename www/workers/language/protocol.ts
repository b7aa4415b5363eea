// Everything the language-model room and its worker may say to each other; nothing else crosses.
export type { Failure } from '../protocol.ts';

/** A decoder-only Transformer over characters, and how it is trained. */
export interface Settings {
  /** Characters that the model sees at once. */
  context: number;
  /** Numbers that stand for a character. */
  width: number;
  /** They divide the width. */
  heads: number;
  blocks: number;
  batch_size: number;
  learning_rate: number;
  steps: number;
  seed: number;
}

export interface Started {
  variant: string;
  vocabulary: string[];
  /** Characters to train on, and those kept back at the text's end. */
  train: number;
  held_out: number;
  parameters: number;
  /** The loss of a guess that knows nothing: ln of the vocabulary's size. */
  blind_loss: number;
}

export interface Sampling {
  prompt: string;
  /** 0 takes the likeliest each time. */
  temperature: number;
  /** Only the k likeliest; 0 for all. */
  top_k: number;
  /** Only the fewest whose probabilities reach p; 1 for all. */
  top_p: number;
  length: number;
  seed: number;
  /** Whether keys and values of earlier characters are remembered, or all is computed anew for each. */
  cached: boolean;
}

export interface Sampled {
  text: string;
  ms_per_token: number;
  /** Characters of the prompt that the text never had; they were left out. */
  unknown: string[];
}

export interface AttentionMap {
  layer: string;
  heads: number;
  /** [heads][n][n]: how much each character (row) hears of each; 0 after itself. */
  shares: Float32Array<ArrayBuffer>;
}

/** One character at a time at each place of the context, in ms. */
export interface Timings {
  /** With keys and values remembered. */
  cached: Float64Array<ArrayBuffer>;
  /** The whole window anew. */
  whole: Float64Array<ArrayBuffer>;
  /** The largest difference between the two ways' probabilities. */
  difference: number;
  cache_bytes: number;
}

export interface LanguageCalls {
  /** Begins a model; what trained before is given up. */
  start: { ask: { settings: Settings; text: string }; answer: Started };
  pause: { ask: Record<never, never>; answer: null };
  resume: { ask: Record<never, never>; answer: null };
  /** Goes on with the prompt. */
  sample: { ask: Sampling; answer: Sampled };
  attend: { ask: { text: string }; answer: { characters: string[]; maps: AttentionMap[] } };
  time: { ask: Record<never, never>; answer: Timings };
}

export interface LanguageProgress {
  kind: 'progress';
  step: number;
  total_steps: number;
  characters_per_s: number;
  /** Triples (step, loss, accuracy), new since the last message. */
  training_points: Float64Array<ArrayBuffer>;
  /** The same of what was kept back. */
  held_out_points: Float64Array<ArrayBuffer>;
}

/** What the model writes by itself now and then, to be seen learning. */
export interface Scribble {
  kind: 'scribble';
  step: number;
  text: string;
}

export interface LanguageFinished {
  kind: 'finished';
}

export type LanguageEvent = LanguageProgress | Scribble | LanguageFinished;
