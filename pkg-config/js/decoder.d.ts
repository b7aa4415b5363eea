/**
 * A copy of a session's causal language model as it stood, asked token by token: its attention
 * remembers keys and values (a KV cache), so that a token costs one step, where `predict` computes
 * the whole sequence. Every call throws what `Engine.guard` throws.
 */
export interface Decoder {
  /** Tokens that fit. */
  readonly context: number;
  /** Tokens so far. */
  readonly length: number;
  /** What the model answers after one more token, probabilities where it ends in them. Errs where the sequence is full. */
  step(token: number): Float32Array;
  /** Forgets all but the first `length` tokens. Errs where there are fewer. */
  truncate(length: number): void;
  /**
   * How much the last token heard of each up to itself, for each attention in the order of
   * computation: shares `[heads][length]`, rows that sum to 1.
   */
  attention(): { name: string; shares: Float32Array }[];
  /** Gives the memory back; the decoder can't be used afterwards. */
  free(): void;
}
