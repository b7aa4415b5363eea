// The models of the room: each with its weights or its int8 file, ready to answer.
import type { Engine, RunSpec, Session } from 'danlu';
import { readQuantised, type QuantisedModel } from 'danlu/compression';
import { Refused } from '../failure.ts';
import { tensorsOf } from '../safetensors.ts';
import type { Answering } from './measure.ts';
import type { FileKind, Method, PrunedLayer, Row } from './protocol.ts';
import { gzip, sparseFile } from './sparse.ts';

interface Held {
  row: Row;
  model: Answering & { free(): void };
  /** Of f32. */
  session: Session | undefined;
  spec: RunSpec;
  quantised: QuantisedModel | undefined;
  files: Map<FileKind, Uint8Array<ArrayBuffer>>;
}

export interface Judgement {
  loss: number;
  accuracy: number;
}

const copy = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => bytes.slice() as Uint8Array<ArrayBuffer>;

/** Counted in the file itself, by kernel. */
export function zerosOf(weights: Uint8Array): PrunedLayer[] {
  return [...tensorsOf(weights)]
    .filter(([name]) => name.endsWith('kernel'))
    .map(([name, { values }]) => ({ name, count: values.length, zeros: values.reduce((all, value) => all + (value === 0 ? 1 : 0), 0) }));
}

export class Models {
  #held = new Map<string, Held>();
  #made = 0;

  get rows(): Row[] {
    return [...this.#held.values()].map(({ row }) => row);
  }

  entries(): [string, Answering][] {
    return [...this.#held].map(([id, { model }]) => [id, model]);
  }

  held(id: string): Held {
    const held = this.#held.get(id);
    if (!held) throw new Refused('no_run');
    return held;
  }

  /** The f32 model of a row. */
  session(id: string): Session {
    const { session } = this.held(id);
    if (!session) throw new Refused('compress_not_f32', { name: id });
    return session;
  }

  /** Keeps a trained network; its session is one without the training data. */
  async addF32(engine: Engine, method: Method, spec: RunSpec, weights: Uint8Array, judged: Judgement): Promise<Row> {
    const session = engine.createSession(spec, 1);
    session.setWeights(weights);
    const bytes = copy(weights);
    const files = new Map<FileKind, Uint8Array<ArrayBuffer>>([['f32', bytes], ['f32-gzip', await gzip(bytes)]]);
    if (method.type === 'pruned') {
      const sparse = sparseFile(bytes);
      files.set('sparse', sparse).set('sparse-gzip', await gzip(sparse));
    }
    const parts = { parameters: session.parameterCount, pruned: method.type === 'pruned' ? zerosOf(bytes) : [], layers: [] };
    return this.#add(method, judged, parts, { model: session, session, spec, quantised: undefined, files });
  }

  /** Keeps a quantised network: what answers is read from the very bytes that can be downloaded. */
  async addInt8(engine: Engine, method: Method, made: QuantisedModel, spec: RunSpec, judge: (model: QuantisedModel) => Judgement): Promise<Row> {
    const bytes = copy(made.toBytes());
    const layers = made.layers();
    made.free();
    const model = readQuantised(engine, bytes);
    const files = new Map<FileKind, Uint8Array<ArrayBuffer>>([['int8', bytes], ['int8-gzip', await gzip(bytes)]]);
    const parameters = layers.reduce((all, layer) => all + layer.weights, 0);
    return this.#add(method, judge(model), { parameters, pruned: [], layers }, { model, session: undefined, spec, quantised: model, files });
  }

  #add(method: Method, { loss, accuracy }: Judgement, parts: Pick<Row, 'parameters' | 'pruned' | 'layers'>, held: Omit<Held, 'row'>): Row {
    const id = letters(this.#made);
    this.#made += 1;
    const files = [...held.files].map(([kind, bytes]) => ({ kind, bytes: bytes.length }));
    const row: Row = { id, method, accuracy, loss, ...parts, files, latency: null };
    this.#held.set(id, { row, ...held });
    return row;
  }

  remove(id: string) {
    this.held(id).model.free();
    this.#held.delete(id);
  }

  clear() {
    for (const id of [...this.#held.keys()]) this.remove(id);
    this.#made = 0;
  }
}

/** A to Z, then AA. */
function letters(place: number): string {
  const last = String.fromCharCode(65 + (place % 26));
  return place < 26 ? last : letters(Math.floor(place / 26) - 1) + last;
}
