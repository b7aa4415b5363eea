// How a model is asked for the next token: with keys and values remembered, or without.
import type { Session } from 'danlu';
import type { Decoder } from 'danlu/decoder';

export interface Reader {
  /** What may follow these tokens after all that were read. */
  read(tokens: number[]): Float32Array;
  free(): void;
}

/** Reads with the KV cache. When the context is full, its later half is read anew: positions are absolute. */
export class CachedReader implements Reader {
  #tokens: number[] = [];

  constructor(private readonly decoder: Decoder) {}

  read(tokens: number[]): Float32Array {
    let answer = new Float32Array();
    const wanted = [...tokens];
    while (wanted.length > 0) {
      if (this.decoder.length === this.decoder.context) {
        const kept = this.#tokens.slice(-Math.floor(this.decoder.context / 2));
        this.#tokens = [];
        this.decoder.truncate(0);
        wanted.unshift(...kept);
      }
      const token = wanted.shift()!;
      this.#tokens.push(token);
      answer = this.decoder.step(token) as Float32Array<ArrayBuffer>;
    }
    return answer;
  }

  free() {
    this.decoder.free();
  }
}

/** Reads without one: the whole window is computed for every token. Moves on as CachedReader does. */
export class WholeReader implements Reader {
  #tokens: number[] = [];

  constructor(
    private readonly session: Session,
    private readonly context: number,
    private readonly classes: number,
  ) {}

  read(tokens: number[]): Float32Array {
    for (const token of tokens) {
      if (this.#tokens.length === this.context) this.#tokens = this.#tokens.slice(-Math.floor(this.context / 2));
      this.#tokens.push(token);
    }
    const x = new Float32Array(this.context);
    x.set(this.#tokens);
    const last = this.#tokens.length - 1;
    return this.session.predict(x).slice(last * this.classes, (last + 1) * this.classes);
  }

  free() {}
}
