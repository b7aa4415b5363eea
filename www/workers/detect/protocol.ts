// Everything the detection room and its worker may say to each other.
import type { Failure } from '../protocol.ts';
import type { Truth } from './ap.ts';
import type { BoxLoss, Loss } from './loss.ts';
import type { Proposal } from './network.ts';
import type { Placed, SceneSettings } from './scenes.ts';

export type { BoxLoss, Failure, Loss, Placed, Proposal, SceneSettings, Truth };

/** What a training depends on. */
export interface Training {
  steps: number;
  box: BoxLoss;
  seed: number;
}

/** A scene of held-out digits by its number, one that the reader has put together, or a drawing of which nobody knows the truth. */
export type SceneAsk =
  | { kind: 'random'; number: number; settings: SceneSettings }
  | { kind: 'placed'; placed: Placed[] }
  | { kind: 'drawn'; image: Float32Array<ArrayBuffer> };

export interface SceneAnswer {
  /** [side][side], 0 paper to 1 ink. */
  image: Float32Array<ArrayBuffer>;
  placed: Placed[];
  truths: Truth[];
  /** Null while there is no detector. */
  proposals: Proposal[] | null;
}

/** What one NMS threshold makes of the held-out scenes. */
export interface Point {
  /** 1: without NMS. */
  threshold: number;
  map50: number;
  /** The mean over IoU 0.5, 0.55 … 0.95. */
  map: number;
  /** At IoU 0.5, of the classes 0 to 9; null where none is true. */
  curves: { recall: number[]; precision: number[]; ap: number | null; truths: number }[];
  /** Of the boxes with a score of `shownFrom` and more, by scene: digits found, and further boxes on one of these. */
  found: number[];
  duplicates: number[];
}

export interface Measured {
  settings: SceneSettings;
  byClass: boolean;
  scenes: number;
  truths: number;
  /** By scene. */
  truthsOf: number[];
  /** By rising threshold; the last is without NMS. */
  points: Point[];
  /** Soft-NMS in its place. */
  soft: { map50: number; map: number };
}

/** Boxes with less are not looked at. */
export const scoreLeast = 0.05;
/** Boxes with more count as shown, where digits and duplicates are counted. */
export const shownFrom = 0.3;
export const softSigma = 0.5;

export interface DetectCalls {
  /** Begins anew. */
  train: { ask: Training; answer: { parameters: number; variant: string } };
  stop: { ask: Record<never, never>; answer: null };
  scene: { ask: SceneAsk; answer: SceneAnswer };
  /** The nth held-out digit of a class. */
  pick: { ask: { label: number; nth: number }; answer: { digit: number } };
  /** By class or not: the same scenes, suppressed in the other way. */
  measure: { ask: { settings: SceneSettings; scenes: number; byClass: boolean }; answer: null };
}

export type DetectEvent =
  /** Means since the last one. */
  | { kind: 'progress'; step: number; steps: number; loss: Loss }
  | { kind: 'trained'; training: Training; elapsed_ms: number }
  | { kind: 'measuring'; done: number; all: number }
  | { kind: 'measured'; measured: Measured }
  | { kind: 'stopped' };
