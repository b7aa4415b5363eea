/** A session's steps made shard by shard, by whichever replica: for a training of several whose members may be lost. */
export interface ShardSteps {
  /** Numbers of the flat array of gradients: the weights, and the gaps between them. */
  readonly flatLength: number;
  /**
   * Computes one shard's gradient of the coming batch and adds it to a sum, which `first` begins anew. The
   * run stays where it is: any replica may compute any shard. On the `grid` (multiples of 2⁻³⁶, in f64) sums
   * have the same bits in whatever order. Loss and hits are sums over the samples.
   */
  addShard(shard: number, options: { first: boolean; grid: boolean }): { loss: number; correct: number; samples: number };
  /** Copies the sum out: that on the grid into a Float64Array, the plain one into a Float32Array. */
  writeShardSum(out: Float32Array | Float64Array): void;
  /** Ends the step by the sum of all shards' gradients: moves the weights, goes on to the next batch. */
  applyShardSum(sum: Float32Array | Float64Array): void;
}
