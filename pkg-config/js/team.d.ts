/**
 * Several workers that train one network, data-parallel: each computes the gradient of its part of
 * every batch. A team is asked as a session is, but answers by promises, and may be asked from any
 * thread, a page's main one too: the engines run in workers of their own (but for a thread that
 * `joins`), which hold a copy of the data each.
 *
 * Calls are answered in the order they were made. Gradients and parameters cross through shared
 * memory where there is some (a page that is cross-origin isolated; Node), else by messages; the
 * numbers are the same.
 */
import type {
  Evaluation,
  LayerActivation,
  LayerInfo,
  LoadOptions,
  Observation,
  RunSpec,
  Split,
  StepReport,
  Variant,
} from './index.js';

export interface TeamOptions extends Pick<LoadOptions, 'variant' | 'source'> {
  /** In [1, 64]; by default as many as the machine has processors, at most 4. Never more than shards. */
  workers?: number;
  /**
   * Into how many parts each batch is cut, in [1, 64]. They decide the sums' order, and so the last
   * bits of the weights. By default 4 in `simd`, which thus trains to the same bytes with any number
   * of workers, and as many as workers in `relaxed`.
   */
  shards?: number;
  /** Whether to exchange through shared memory; by default where the browser allows it. */
  shared?: boolean;
  /**
   * Whether the calling thread computes itself, as the first worker: false by default. A call then costs
   * no message, which counts where each call trains on one batch; but like a session's it keeps the
   * thread until it is done, so `interrupt` comes too late, and a page's main thread can't join. It
   * needs shared memory.
   */
  joins?: boolean;
  /** How long a worker waits for another before it takes it for lost; 30 000 by default. */
  patience_ms?: number;
  /** Starts a worker on `team_worker.js` of this package, where its own URL can't be used. */
  spawn?: () => Worker | Promise<Worker>;
}

/**
 * Starts the workers and builds the same network in each.
 *
 * Errs as `load` and `createSession` do, and with `worker_lost` where a worker doesn't start.
 */
export function createTeam(spec: RunSpec, seed: number | bigint, options?: TeamOptions): Promise<Team>;

/**
 * When a worker is lost (`worker_lost`) or its engine panics (`engine_panic`), the call that trains
 * is rejected and so are all later ones, but the workers that are left still answer `evaluate`,
 * `predict`, `activations` and `getWeights`, with the weights of the last whole step: another team,
 * or a session, can go on from these.
 */
export interface Team {
  readonly variant: Variant;
  readonly workers: number;
  readonly shards: number;
  /** Whether memory is shared. */
  readonly shared: boolean;
  /** Whether the thread that made it is one of its workers. */
  readonly joins: boolean;
  /** Copies samples and labels to every worker. Shape of x: [N, ...model.input]. */
  setData(split: Split, x: Float32Array, labels: ArrayLike<number>): Promise<void>;
  /** Trains k batches; see Session. */
  runSteps(k: number): Promise<StepReport>;
  /** Trains `steps` times (1 by default) on the batch given here. */
  trainBatch(x: Float32Array, labels: ArrayLike<number>, steps?: number): Promise<StepReport>;
  /** Ends the calls of `runSteps` and `trainBatch` under way after their present step; they report what they did. */
  interrupt(): void;
  evaluate(split?: Split): Promise<Evaluation>;
  evaluateOn(x: Float32Array, labels: ArrayLike<number>): Promise<Evaluation>;
  /** Tells early stopping and reduce-on-plateau; see Session. */
  observe(evaluation: Pick<Evaluation, 'loss' | 'accuracy'>): Promise<Observation>;
  predict(x: Float32Array): Promise<Float32Array>;
  activations(x: Float32Array): Promise<LayerActivation[]>;
  layers(): LayerInfo[];
  readonly parameterCount: number;
  getWeights(): Promise<Uint8Array>;
  setWeights(bytes: Uint8Array): Promise<void>;
  summary(): Promise<string>;
  /** See Session; `layers()` says so when the promise has resolved. */
  setTrainable(layer: string, trainable: boolean): Promise<void>;
  /**
   * The run as it stands: the same file as a session of as many shards writes. Not after a worker was
   * lost, who alone knew what the optimiser remembers of its part.
   */
  checkpoint(): Promise<Uint8Array>;
  /** Goes on from a checkpoint of a session or of a team of any number of workers; see Session. */
  restore(bytes: Uint8Array): Promise<void>;
  setLearningRate(rate: number): Promise<void>;
  /** Ends the workers, and whatever they were at: that is rejected with `session_freed`. */
  free(): void;
}
