// Everything the language-model room and its worker may say to each other; nothing else crosses.
export type { Failure } from '../protocol.ts';

export const tokenisers = ['characters', 'bpe'] as const;

/** How a model knows the order: a learned row added to each place, queries and keys turned by it (RoPE), or not at all. */
export const positionKinds = ['learned', 'rotary', 'none'] as const;

/** A decoder-only Transformer over the tokens of a text, and how it is trained. */
export interface Settings {
  tokeniser: (typeof tokenisers)[number];
  /** Tokens that byte-pair encoding may have, 256 of them bytes. */
  vocabulary: number;
  positions: (typeof positionKinds)[number];
  /** Tokens that the model sees at once. */
  context: number;
  /** Numbers that stand for a token. */
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
  /** What each token looks like. */
  vocabulary: string[];
  /** Tokens to train on, and those kept back at the text's end. */
  train: number;
  held_out: number;
  parameters: number;
  /** The loss of a guess that knows nothing: ln of the vocabulary's size. */
  blind_loss: number;
  /** UTF-8's bytes of a token: of the training text, and of what the held-out loss is measured on. */
  bytes_per_token: { train: number; held_out: number };
  /** The share of held-out tokens that are rare characters, which the model need not spell. */
  rare: number;
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
  /** Whether keys and values of earlier tokens are remembered, or all is computed anew for each. */
  cached: boolean;
}

export interface Sampled {
  text: string;
  /** The same, token by token. */
  tokens: string[];
  /** Bytes that made no whole character; U+FFFD stands for them in the text. */
  broken: number;
  ms_per_token: number;
  /** Characters of the prompt that the text never had; they were left out. */
  unknown: string[];
}

export interface AttentionMap {
  layer: string;
  heads: number;
  /** [heads][n][n]: how much each token (row) hears of each; 0 after itself. */
  shares: Float32Array<ArrayBuffer>;
}

/** One token at a time at each place of the context, in ms. */
export interface Timings {
  /** With keys and values remembered. */
  cached: Float64Array<ArrayBuffer>;
  /** The whole window anew. */
  whole: Float64Array<ArrayBuffer>;
  /** The largest difference between the two ways' probabilities. */
  difference: number;
  cache_bytes: number;
}

/** What byte-pair encoding learns of a text. Each smaller vocabulary is a beginning of a larger one. */
export interface Learnt {
  pairs: (readonly [left: number, right: number])[];
  /** How often each pair stood in the training part when it was merged. */
  counts: number[];
  /** Tokens of the training part before the first merge, which are its bytes, and after each. */
  lengths: number[];
  held_out_lengths: number[];
  characters: { train: number; held_out: number };
  ms: number;
}

/** Reading rows of the embedding beside multiplying by one-hots: [tokens][rows] · [rows][width]. */
export interface Lookup {
  tokens: number;
  rows: number;
  width: number;
  gather_ms: number;
  /** Writing the ones, before the product. */
  one_hot_ms: number;
  product_ms: number;
  /** The largest between the two answers. */
  difference: number;
}

/** How many rows of the embedding one step moved. */
export interface Mover {
  /** The run's own AdamW with what it remembers; the same remembering nothing; that with decay on the embedding; plain SGD. */
  name: 'run' | 'fresh' | 'decayed' | 'sgd';
  in_batch: number;
  elsewhere: number;
}

/** One window's gradient of the embedding: rows of tokens that stand there more than once. */
export interface Repeats {
  places: number;
  distinct: number;
  /** Between the table's gradient and the sum of the places' own; `largest` is the gradient's largest number. */
  difference: number;
  largest: number;
  /** ‖g − ĝ‖ / ‖g‖, of ĝ in which only the last place of each token is kept. */
  missed: number;
  /** Norms of the row's sum and of its last place alone. */
  examples: { label: string; times: number; sum: number; last: number }[];
}

export interface Touched {
  tokens: number;
  distinct: number;
  with_gradient: number;
  /** Of each row: 2 in the batch, 1 moved by the run's step all the same, 0 as it was. */
  rows: Uint8Array<ArrayBuffer>;
  movers: Mover[];
  repeats: Repeats;
}

export interface Neighbour {
  token: number;
  label: string;
  /** How often it stands in the training part. */
  times: number;
  cosine: number;
}

export interface LanguageCalls {
  /** Begins a model; what trained before is given up. */
  start: { ask: { settings: Settings; text: string }; answer: Started };
  pause: { ask: Record<never, never>; answer: null };
  resume: { ask: Record<never, never>; answer: null };
  /** Goes on with the prompt. */
  sample: { ask: Sampling; answer: Sampled };
  attend: { ask: { text: string }; answer: { tokens: string[]; maps: AttentionMap[] } };
  time: { ask: Record<never, never>; answer: Timings };
  lookup: { ask: Record<never, never>; answer: Lookup };
  /** One step on the `turn`-th batch that is drawn for it; the model is as before afterwards. */
  touch: { ask: { turn: number }; answer: Touched };
  /** Of the first token of this text; null where it makes none. */
  near: { ask: { text: string }; answer: { label: string; token: number; times: number; near: Neighbour[] } | null };
  /** Byte-pair merges up to a vocabulary of `size`. */
  learn: { ask: { text: string; size: number }; answer: Learnt };
}

export interface LanguageProgress {
  kind: 'progress';
  step: number;
  total_steps: number;
  tokens_per_s: number;
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
