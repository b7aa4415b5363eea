// Everything the fine-tuning room and its worker may say to each other; nothing else crosses.
import type { RunSpec } from 'danlu';
import type { DataRef, OwnData } from '../lab/protocol.ts';
import type { Failure } from '../protocol.ts';

export type { DataRef, Failure, OwnData };

/** A pretrained network as it came out of a file, its top and all. */
export interface BaseFile {
  name: string;
  model: RunSpec['model'];
  weights: Uint8Array<ArrayBuffer>;
  /** What its pixels are: 0 to 1, or 0 to 255 as BGR about ImageNet's mean colour, as Keras's VGG16 wants them. */
  pixels: 'unit' | 'caffe';
}

export interface Block {
  name: string;
  layers: string[];
  parameters: number;
}

export interface BaseFacts {
  name: string;
  /** Of the images it is given here. */
  input: number[];
  /** From the input to the output; each ends where the image gets smaller. */
  blocks: Block[];
  parameters: number;
  /** How many numbers a picture becomes once they are averaged over its places. */
  features: number;
  /** Layers whose statistics follow the batches. */
  norms: number;
  /** SHA-256 of its weights; null where the browser hashes nothing for a page that came by plain http. */
  hash: string | null;
  /** How the page's own base was made. */
  made: { classes: number[]; turns: number; digits: number; steps: number; accuracy: number } | null;
}

/** What is to be learnt. `fresh`: the digits that the page's base never saw; `paper`: the same, dark on light. */
export type Task = { kind: 'fresh' | 'paper' } | { kind: 'own'; data: DataRef };

export interface TaskFacts {
  classes: string[];
  /** Training samples of the rarest class: more than that a class cannot be asked for. */
  perClass: number;
  heldOut: number;
  /** Two of each class for a look, sized as the base is given them. */
  pictures: { count: number; height: number; width: number; rgba: Uint8ClampedArray<ArrayBuffer> };
}

export type Method = 'scratch' | 'frozen' | 'lora' | 'staged';

export interface Stage {
  /** How many blocks train, or get adapters with LoRA, counted from the output; the head always does. */
  open: number;
  epochs: number;
  rate: number;
}

export interface LoraSettings {
  rank: number;
  /** What A B adds is scaled by alpha / rank. */
  alpha: number;
}

/** One training from beginning to end. */
export interface Trial {
  id: string;
  method: Method;
  perClass: number;
  seed: number;
  units: number;
  batch_size: number;
  stages: Stage[];
  lora: LoraSettings;
  /** Whether the new task's pictures have light and dark swapped: another task for the same base. */
  inverted: boolean;
  /**
   * Batch norm in the base: `still` normalises by what it has and learns nothing, as Keras's frozen one; `moving` goes
   * by each batch and lets its statistics follow, as PyTorch's does where `eval()` was forgotten.
   */
  norms: 'still' | 'moving';
  /** Whether what frozen layers answer is computed once and kept. */
  cached: boolean;
}

export interface StageFacts {
  trial: string;
  stage: number;
  /** Numbers that train, of all; of those the base has, and its adapters. */
  training: number;
  baseTraining: number;
  adaptersTraining: number;
  /** Of all the base's weights, before and after. */
  before: string | null;
  after: string | null;
  /** How many numbers of the base changed: weights that gradients move, and statistics of its batch norms. */
  weightsMoved: number;
  statisticsMoved: number;
  /** Training alone, without judging. */
  train_ms: number;
  /** What frozen layers answer was kept from here on: whether, and how long it took this time. */
  kept: boolean;
  keeping_ms: number;
  epochs: number;
}

/** How far two networks' answers lie apart, on held-out pictures. */
export interface Gap {
  /** The largest of any probability. */
  difference: number;
  /** Pictures that get another class. */
  otherwise: number;
  compared: number;
}

export interface AdaptedLayer {
  name: string;
  /** Of the kernel, and how many numbers it has. */
  shape: number[];
  kernel: number;
  /** Of A and B together. */
  numbers: number;
  /** The Frobenius norm of what they add to the kernel, as a share of the kernel's. */
  moved: number;
}

/** What adapters came to. */
export interface LoraFacts {
  trial: string;
  layers: AdaptedLayer[];
  /** Before the first step, against the frozen base with the same head. */
  start: Gap;
  /** Against the same network with A B added into its kernels. */
  merged: Gap;
  /** Of weights as safetensors files. */
  bytes: { adapters: number; head: number; whole: number };
}

/** Two tasks' adapters and heads in turn on one base. */
export interface SwapFacts {
  /** Held-out accuracy: of the first training's weights on its own task and on the other's, then of the second's. */
  accuracy: [[number, number], [number, number]];
  /** Bytes of one task's adapters and head, and of a whole network. */
  bytes: { task: number; whole: number };
  /** To write one task's weights over the other's. */
  swap_ms: number;
  /** How many numbers of the base are other bits afterwards. */
  moved: number;
  /** Whether the first task's answers, asked again after the second's turn, are the same bits. */
  back: boolean;
}

export interface Point {
  epoch: number;
  training_loss: number;
  training_accuracy: number;
  loss: number;
  accuracy: number;
}

/** Milliseconds of one epoch of the head alone. */
export interface Timings {
  samples: number;
  /** The base answers anew for each batch. */
  without_ms: number;
  /** Its answers are kept. */
  with_ms: number;
  /** To compute what is kept, once. */
  keeping_ms: number;
  /** The largest difference between the two ways' weights of the head, after that epoch. */
  difference: number;
}

export interface FinetuneCalls {
  /** Takes a base and what is to be learnt; what trained before is given up. `side`: of the images, for a base by file. */
  open: { ask: { file: BaseFile | null; side: number; heldOutMost: number; task: Task }; answer: { base: BaseFacts; task: TaskFacts; variant: string } };
  /** Hands a reader's own data over, as they are kept. */
  own: { ask: { own: OwnData }; answer: null };
  /** Trains these, one after another; gives up those that were under way. */
  start: { ask: { trials: Trial[] }; answer: null };
  stop: { ask: Record<never, never>; answer: null };
  time: { ask: { trial: Trial }; answer: Timings };
  /** Two trainings with adapters that have ended, the second on swapped light and dark: by their names. */
  swap: { ask: { first: string; second: string }; answer: SwapFacts };
}

export type FinetuneEvent =
  | { kind: 'began'; trial: string; steps: number }
  /** Pictures whose features are kept by now, of those that are wanted. */
  | { kind: 'keeping'; trial: string; done: number; all: number }
  | { kind: 'point'; trial: string; stage: number; point: Point }
  | ({ kind: 'stage' } & StageFacts)
  | ({ kind: 'adapted' } & LoraFacts)
  | { kind: 'ended'; trial: string; accuracy: number; loss: number; train_ms: number; keeping_ms: number }
  | { kind: 'finished' };
