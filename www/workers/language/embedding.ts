// The embedding of the room's model looked at closely: that reading a row is a product with a one-hot, which rows a step
// of training moves, and which tokens have become neighbours. Every number is computed with the model's own table.
import type { Engine, OptimizerSpec, RunSpec, Session } from 'danlu';
import { fileOf, tensorsOf } from '../safetensors.ts';
import type { Lookup, Mover, Neighbour, Repeats, Touched } from './protocol.ts';

/** What is looked at: a session of this spec, whose first layer is `embedding`. */
export interface Model {
  engine: Engine;
  session: Session;
  spec: RunSpec;
  context: number;
}

export interface Batch {
  x: Float32Array<ArrayBuffer>;
  next: Uint32Array<ArrayBuffer>;
}

const LAYER = 'embedding';
const TABLE = 'embedding/embeddings';
const ROUNDS = 7;
const NEIGHBOURS = 8;

interface Table {
  values: Float32Array;
  rows: number;
  width: number;
}

export function tableOf(file: Uint8Array): Table {
  const { values, shape } = tensorsOf(file).get(TABLE)!;
  return { values, rows: shape[0]!, width: shape[1]! };
}

/**
 * The rows of these tokens, read and multiplied: both by the engine, in turns, the shortest of several rounds each.
 * Shape: tokens `[N]` → `[N][width]`, of N a multiple of the context.
 */
export function lookUp({ engine, session, context }: Model, tokens: Float32Array, now: () => number): Lookup {
  const { values, rows, width } = tableOf(session.getWeights());
  const plain = { loss: 'mean_squared_error', optimizer: 'sgd' } as const;
  const reads = engine.createSession({
    ...plain,
    model: { inputs: [{ name: 'tokens', shape: [context] }], nodes: [{ type: 'embedding', name: LAYER, inputs: ['tokens'], input_dim: rows, output_dim: width }], output: LAYER },
  }, 0);
  const multiplies = engine.createSession({ ...plain, model: { input: [rows], layers: [{ type: 'dense', name: 'product', units: width, use_bias: false }] } }, 0);
  try {
    reads.setWeights(fileOf(new Map([[TABLE, { shape: [rows, width], values: Float32Array.from(values) }]])));
    multiplies.setWeights(fileOf(new Map([['product/kernel', { shape: [rows, width], values: Float32Array.from(values) }]])));
    let [gather_ms, one_hot_ms, product_ms, difference] = [Infinity, Infinity, Infinity, 0];
    for (let round = 0; round < ROUNDS; round++) {
      let begun = now();
      const read = reads.predict(tokens);
      gather_ms = Math.min(gather_ms, now() - begun);
      begun = now();
      const oneHot = new Float32Array(tokens.length * rows);
      tokens.forEach((token, at) => (oneHot[at * rows + token] = 1));
      one_hot_ms = Math.min(one_hot_ms, now() - begun);
      begun = now();
      const product = multiplies.predict(oneHot);
      product_ms = Math.min(product_ms, now() - begun);
      read.forEach((value, at) => (difference = Math.max(difference, Math.abs(value - product[at]!))));
    }
    return { tokens: tokens.length, rows, width, gather_ms, one_hot_ms, product_ms, difference };
  } finally {
    reads.free();
    multiplies.free();
  }
}

const isMoved = (before: Table, after: Table, row: number) => {
  for (let at = row * before.width; at < (row + 1) * before.width; at++) if (before.values[at] !== after.values[at]) return true;
  return false;
};

/**
 * Which rows one step moves: by the run's own optimiser with what it remembers, which is undone afterwards, and from the
 * same weights by optimisers that remember nothing.
 */
export function touch(model: Model, batch: Batch, labels: string[]): Touched {
  const { engine, session, spec } = model;
  const weights = session.getWeights();
  const before = tableOf(weights);
  const inBatch = new Uint32Array(before.rows);
  for (const token of batch.x) inBatch[token] = inBatch[token]! + 1;

  const kept = session.checkpoint();
  session.trainBatch(batch.x, batch.next);
  const gradient = tableOf(session.getGradients());
  const after = tableOf(session.getWeights());
  session.restore(kept);

  const optimizer = spec.optimizer as OptimizerSpec;
  const fresh = (how: OptimizerSpec): Table => {
    const { schedule: _, ...rest } = spec;
    const twin = engine.createSession({ ...rest, optimizer: how }, 0);
    try {
      twin.setWeights(weights);
      twin.trainBatch(batch.x, batch.next);
      return tableOf(twin.getWeights());
    } finally {
      twin.free();
    }
  };
  const mover = (name: Mover['name'], moved: Table): Mover => {
    const count: Mover = { name, in_batch: 0, elsewhere: 0 };
    inBatch.forEach((times, row) => {
      if (isMoved(before, moved, row)) count[times > 0 ? 'in_batch' : 'elsewhere'] += 1;
    });
    return count;
  };
  const decayed = (optimizer.exclude_from_weight_decay ?? []).filter((name) => name !== LAYER);
  return {
    tokens: batch.x.length,
    distinct: inBatch.filter((times) => times > 0).length,
    with_gradient: Array.from(inBatch.keys()).filter((row) => gradient.values.subarray(row * gradient.width, (row + 1) * gradient.width).some((value) => value !== 0)).length,
    rows: Uint8Array.from(inBatch, (times, row) => (times > 0 ? 2 : isMoved(before, after, row) ? 1 : 0)),
    movers: [
      mover('run', after),
      mover('fresh', fresh(optimizer)),
      mover('decayed', fresh({ ...optimizer, exclude_from_weight_decay: decayed })),
      mover('sgd', fresh({ type: 'sgd', learning_rate: 0.1 })),
    ],
    repeats: addUp(model, batch, labels),
  };
}

/**
 * That a token which stands at several places gets the sum of their gradients. A layer of position embeddings, all zero,
 * stands behind the embedding of a twin; with a single window its gradient is dL/dy of every place.
 */
function addUp({ engine, session, spec, context }: Model, batch: Batch, labels: string[]): Repeats {
  const graph = spec.model as Extract<RunSpec['model'], { nodes: unknown }>;
  const nodes = graph.nodes.map((node) => ({ ...node, inputs: node.inputs.map((input) => (input === LAYER ? 'places' : input)) }));
  const { schedule: _, ...rest } = spec;
  const twin = engine.createSession(
    { ...rest, optimizer: { type: 'sgd', learning_rate: 0.1 }, model: { ...graph, nodes: [...nodes, { type: 'position_embedding', name: 'places', inputs: [LAYER], init: 'zeros' }] } },
    0,
  );
  try {
    const weights = tensorsOf(session.getWeights());
    for (const [name, tensor] of tensorsOf(twin.getWeights())) if (!weights.has(name)) weights.set(name, tensor);
    twin.setWeights(fileOf(weights));
    // The batch's window that repeats most.
    const starts = Array.from({ length: batch.x.length / context }, (_, at) => at * context);
    const distinct = (start: number) => new Set(batch.x.subarray(start, start + context)).size;
    const start = starts.reduce((best, other) => (distinct(other) < distinct(best) ? other : best));
    const window = batch.x.slice(start, start + context);
    twin.trainBatch(window, batch.next.slice(start, start + context));
    const gradients = tensorsOf(twin.getGradients());
    const { values: sums, shape } = gradients.get(TABLE)!;
    const places = gradients.get('places/embeddings')!.values;
    return compare(window, sums, places, shape[1]!, labels);
  } finally {
    twin.free();
  }
}

/** The table's gradient beside the sum of the places' own, and beside what a write without addition would keep. */
export function compare(window: Float32Array, sums: Float32Array, places: Float32Array, width: number, labels: string[]): Repeats {
  const added = new Float64Array(sums.length);
  const written = new Float64Array(sums.length);
  const at = new Map<number, number[]>();
  window.forEach((token, place) => {
    at.set(token, [...(at.get(token) ?? []), place]);
    for (let i = 0; i < width; i++) {
      added[token * width + i] = added[token * width + i]! + places[place * width + i]!;
      written[token * width + i] = places[place * width + i]!;
    }
  });
  let [difference, largest, missed, whole] = [0, 0, 0, 0];
  sums.forEach((value, i) => {
    difference = Math.max(difference, Math.abs(value - added[i]!));
    largest = Math.max(largest, Math.abs(value));
    missed += (value - written[i]!) ** 2;
    whole += value ** 2;
  });
  const norm = (values: ArrayLike<number>, token: number) => Math.sqrt(Array.from({ length: width }, (_, i) => values[token * width + i]! ** 2).reduce((sum, square) => sum + square, 0));
  const most = [...at].filter(([, where]) => where.length > 1).sort(([, a], [, b]) => b.length - a.length);
  return {
    places: window.length,
    distinct: at.size,
    difference,
    largest,
    missed: whole > 0 ? Math.sqrt(missed / whole) : 0,
    examples: most.slice(0, 5).map(([token, where]) => ({ label: labels[token]!, times: where.length, sum: norm(sums, token), last: norm(written, token) })),
  };
}

/** The nearest by cosine among tokens that occurred at least `least` times in training. */
export function neighbours({ values, width }: Table, token: number, counts: Uint32Array, labels: string[], least: number): Neighbour[] {
  const row = (at: number) => values.subarray(at * width, (at + 1) * width);
  const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  const own = row(token);
  const found: Neighbour[] = [];
  counts.forEach((times, other) => {
    if (other === token || times < least) return;
    const cosine = dot(own, row(other)) / Math.sqrt(dot(own, own) * dot(row(other), row(other)) || 1);
    found.push({ token: other, label: labels[other]!, times, cosine });
  });
  return found.sort((a, b) => b.cosine - a.cosine).slice(0, NEIGHBOURS);
}
