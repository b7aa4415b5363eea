// Everything that the room of one's own data and its worker may say to each other.
import type { DataRef, Preparation } from '../../src/lab/spec.ts';
import type { Failure } from '../protocol.ts';
import type { Figures, OwnData } from './own.ts';

export type { DataRef, Failure, Figures, OwnData, Preparation };

/** A file as it was dropped: its path within the folder that was dropped with it. */
export interface Given {
  path: string;
  file: File;
}

/** How pictures become samples. */
export interface PictureOptions {
  /** Pixels of a side. */
  side: number;
  colour: boolean;
}

/** What a page shows of a set without having its samples. */
export interface About {
  hash: string;
  name: string;
  shape: number[];
  classes: string[];
  count: number;
  testFrom: number;
  /** Of the samples as they are kept. */
  size: number;
  bytes: boolean;
  /** Samples of each class: for training, and in the set's own test part. */
  balance: { train: number[]; test: number[] };
}

/** A file that is not among the samples, and why. */
export interface Skipped {
  path: string;
  code: 'data_not_an_image' | 'data_unknown_file';
}

export interface Reading {
  about: About;
  skipped: Skipped[];
}

/** Samples of a class to draw and label by hand or by camera. */
export interface Collected {
  name: string;
  shape: number[];
  classes: { name: string; samples: Uint8Array<ArrayBuffer>[] }[];
}

export interface SampleSheet {
  /** Their numbers within the set. */
  at: number[];
  labels: number[];
  /** One after another, as they are kept; 0 to 1 where they are no bytes, by the least and the greatest of the sheet. */
  values: Uint8Array<ArrayBuffer>;
  /** The first few numbers of each as they are, where samples are rows and no pictures. */
  features: number[][];
}

export interface Split {
  /** Samples of each chosen class. */
  train: number[];
  heldOut: number[];
  classes: string[];
  /** Of the training part alone. */
  figures: Figures;
}

export interface DataCalls {
  /** Reads dropped files; the set is then the one that is held. `pictures` is for images only. */
  read: { ask: { files: Given[]; pictures: PictureOptions }; answer: Reading };
  /** Circles, squares and triangles, drawn by the page. */
  shapes: { ask: { name: string; classes: string[]; perClass: number; seed: number }; answer: Reading };
  /** Pictures that were drawn or taken by hand. */
  collect: { ask: Collected; answer: Reading };
  /** Takes a kept set. */
  hold: { ask: { own: OwnData }; answer: About };
  /** The held set, to be kept. */
  take: { ask: Record<never, never>; answer: OwnData };
  /** Some samples of a class, or of all, from the `from`-th on. */
  sheet: { ask: { label: number | null; from: number; count: number }; answer: SampleSheet };
  split: { ask: { prepare: Preparation; limit: number | undefined }; answer: Split };
  /** The held set as an npz with x_train, y_train and, where it has its own part for tests, x_test, y_test. */
  npz: { ask: { own: OwnData }; answer: Uint8Array<ArrayBuffer> };
}

/** While many files are read. */
export interface DataProgress {
  kind: 'reading';
  done: number;
  all: number;
  file: string;
}
