// Everything the compression room and its worker may say to each other.
import type { QuantisedLayer, PrunedLayer } from 'danlu/compression';
import type { LabSpec } from '../../src/lab/spec.ts';
import type { OwnData } from '../data/protocol.ts';
import type { Dataset, DataSummary } from '../lab/protocol.ts';
import type { Failure } from '../protocol.ts';

export type { Dataset, Failure, LabSpec, PrunedLayer, QuantisedLayer };

export type Calibration = 'min_max' | 'percentile' | 'mse';
export type Way = 'one-shot' | 'fine-tuned' | 'gradual';
export type Student = 'conv' | 'dense';

/** How a model came to be what it is. */
export type Method =
  | { type: 'base' }
  | { type: 'pruned'; way: Way; sparsity: number; global: boolean; epochs: number }
  | { type: 'int8'; of: string; per_channel: boolean; calibration: Calibration; percent: number }
  | { type: 'student'; student: Student; epochs: number; taught: { temperature: number; alpha: number } | null };

/** `f32`: safetensors; `sparse`: its zeros left out, by rows (CSR); `int8`: whole numbers; each as it is or gzipped. */
export type FileKind = 'f32' | 'f32-gzip' | 'sparse' | 'sparse-gzip' | 'int8' | 'int8-gzip';

export interface Row {
  /** A, B, C …: what the table and the plot call it. */
  id: string;
  method: Method;
  accuracy: number;
  loss: number;
  parameters: number;
  /** The real lengths of the files that can be had. */
  files: { kind: FileKind; bytes: number }[];
  /** By kernel, where it is pruned: counted in the weights as they are. */
  pruned: PrunedLayer[];
  /** Where it is int8. */
  layers: QuantisedLayer[];
  /** Medians; null until it was measured. */
  latency: Latency | null;
}

export interface Latency {
  one_ms: number;
  batch_ms: number;
}

/** One step of int8 and what f32 takes for the same layers; medians over a batch. */
export interface LayerTime {
  name: string;
  folded: string[];
  int8_ms: number;
  f32_ms: number;
}

export interface Base {
  row: Row;
  data: DataSummary;
  variant: string;
}

export type What = 'train' | 'prune' | 'distil' | 'measure';

export interface CompressCalls {
  /** Hands a reader's own data over, as they are kept. */
  own: { ask: { own: OwnData }; answer: null };
  /** The same, split and scaled. */
  give: { ask: { dataset: Dataset }; answer: DataSummary };
  /** The model to make smaller: trained here, or with the weights it has. What was here before goes. */
  begin: { ask: { spec: LabSpec; weights: Uint8Array<ArrayBuffer> | null }; answer: DataSummary };
  prune: { ask: Omit<Extract<Method, { type: 'pruned' }>, 'type'>; answer: null };
  quantise: { ask: Omit<Extract<Method, { type: 'int8' }>, 'type'>; answer: null };
  distil: { ask: { student: Student; epochs: number; temperature: number; alpha: number }; answer: null };
  /** Times every model anew, in turn. */
  measure: { ask: Record<never, never>; answer: null };
  /** Where int8 gains and where not, layer by layer. */
  layers: { ask: { id: string }; answer: { times: LayerTime[]; batch: number } };
  file: { ask: { id: string; kind: FileKind }; answer: Uint8Array<ArrayBuffer> };
  remove: { ask: { id: string }; answer: null };
  /** Ends what is under way; what it would have given is not made. */
  stop: { ask: Record<never, never>; answer: null };
}

/** A curve's new points: pairs for each line. */
export type Lines = Record<string, number[]>;

export type CompressEvent =
  /** `lines`: triples (epochs, loss, held-out accuracy) or, in pruning, (epochs, sparsity, held-out accuracy). */
  | { kind: 'progress'; what: What; done: number; all: number; lines: Lines }
  | { kind: 'base'; base: Base }
  | { kind: 'row'; row: Row }
  | { kind: 'measured'; latencies: Record<string, Latency>; rounds: number }
  | { kind: 'refused'; what: What; failure: Failure }
  | { kind: 'stopped'; what: What };
