// Everything the preference room and its worker may say to each other; nothing else crosses.
import type { Failure } from '../protocol.ts';
import type { TextName } from './text.ts';

export type { Failure, TextName };

/** The small Transformer that is aligned, and how it learns the text first. */
export interface BaseSettings {
  text: TextName;
  width: number;
  blocks: number;
  steps: number;
  seed: number;
}

export const ruleKinds = ['happy', 'once', 'count', 'short'] as const;

export interface Rule {
  /**
   * `happy`: 1 where a happy word stands in the answer. `once`: 1 where `word` does and the answer is a sentence of the
   * text. `count`: how often `word` does. `short`: 1 − length / limit.
   */
  kind: (typeof ruleKinds)[number];
  word: string;
}

export interface GrpoSettings {
  type: 'grpo';
  /** Answers to each prompt. */
  group: number;
  /** Prompts in a batch. */
  prompts: number;
  steps: number;
  /** Gradient steps on what was sampled once; from the second on ratios differ from 1. */
  updates: number;
  learning_rate: number;
  clip: number;
  beta: number;
  seed: number;
}

export interface DpoSettings {
  type: 'dpo';
  /** Pairs to train on. */
  pairs: number;
  batch_size: number;
  steps: number;
  learning_rate: number;
  beta: number;
  seed: number;
}

export type Method = GrpoSettings | DpoSettings;

export interface Trial {
  id: number;
  rule: Rule;
  method: Method;
}

export interface Started {
  variant: string;
  parameters: number;
  /** Different tokens. */
  vocabulary: number;
  /** Tokens that the model sees at once: prompt and answer. */
  context: number;
  /** The most tokens of an answer. */
  limit: number;
  prompts: { train: number; heldOut: number };
  /** The length of the text that the base learns from. */
  tokens: number;
}

export interface Sample {
  prompt: string;
  answer: string;
  reward: number;
  /** Whether the text's grammar has such a sentence. */
  sentence: boolean;
}

/** A model on the prompts kept back, always from the same seeds. */
export interface Report {
  answers: number;
  reward: number;
  /** Standard error of the mean reward. */
  error: number;
  /** Per token, estimated by k3 as in GRPO's loss, and summed over the whole vocabulary at each position. */
  kl: number;
  klExact: number;
  /** Of the next token, mean over all positions of answers; nats. */
  entropy: number;
  /** Shares: sentences of the grammar; answers unlike each other. */
  sentences: number;
  distinct: number;
  length: number;
  samples: Sample[];
}

export interface GroupView {
  step: number;
  prompt: string;
  mean: number;
  deviation: number;
  answers: {
    text: string;
    ended: boolean;
    reward: number;
    advantage: number;
    length: number;
    /** After the last update but one on this batch: the least and the largest ratio, and tokens that the clip held back. */
    ratios: [least: number, most: number];
    held: number;
  }[];
}

export interface PairView {
  prompt: string;
  chosen: string;
  rejected: string;
  rewards: [chosen: number, rejected: number];
}

export interface PreferenceCalls {
  /** Begins a base; what was there before is given up. */
  start: { ask: { settings: BaseSettings }; answer: Started };
  /** Aligns copies of the base, one trial after another. */
  align: { ask: { trials: Trial[] }; answer: null };
  /** Ends what is under way; a base keeps what it has learnt. */
  stop: { ask: Record<never, never>; answer: null };
}

/** Named lines, each a list of pairs (step, value), new since the last message. */
export type Lines = Record<string, number[]>;

export type PreferenceEvent =
  | { kind: 'base'; step: number; all: number; lines: Lines }
  | { kind: 'ready'; step: number; samples: Sample[]; sentences: number; loss: number }
  | { kind: 'began'; trial: number; base: Report }
  | { kind: 'pairs'; trial: number; drawn: number; ties: number; train: number; heldOut: number; shown: PairView[] }
  | { kind: 'progress'; trial: number; step: number; all: number; lines: Lines; group?: GroupView; samples?: Sample[] }
  | { kind: 'ended'; trial: number; report: Report; stopped: boolean }
  | { kind: 'refused'; trial: number; failure: Failure }
  /** Nothing is under way any more. */
  | { kind: 'idle' };
