// What byte-pair encoding has learnt of the room's text: asked of the worker anew when the text changes, no model needed.
import { Bpe } from '../../../workers/language/bpe.ts';
import { labelOf, visible } from '../../../workers/language/labels.ts';
import type { Failure } from '../../../workers/protocol.ts';
import { failureOf, room, type Learnt } from '../language.svelte.ts';
import { bounds } from './settings.ts';

/** While the reader types, the text is not learnt from at every key. */
const PATIENCE_MS = 400;

export class MergesOfText {
  learnt = $state.raw<Learnt | null>(null);
  failure = $state.raw<Failure | null>(null);
  /** Changes whenever what is learnt has. */
  version = $state(0);
  bpe = $derived(new Bpe(this.learnt?.pairs ?? []));
  labels = $derived(this.bpe.spelling.map((bytes) => visible(labelOf(bytes))));

  #text: string | undefined;
  #asked: AbortController | undefined;

  /** Gives back what stops it. */
  follow(text: string): () => void {
    if (text === this.#text) return () => {};
    const asked = new AbortController();
    const wait = setTimeout(() => void this.#learn(text, asked), this.#text === undefined ? 0 : PATIENCE_MS);
    return () => {
      clearTimeout(wait);
      if (this.#asked === asked) this.#asked = undefined;
      asked.abort();
    };
  }

  async #learn(text: string, asked: AbortController) {
    this.#asked = asked;
    try {
      const learnt = await room.learn(text, bounds.vocabulary[1], asked.signal);
      if (asked.signal.aborted) return;
      this.learnt = learnt;
      this.failure = null;
      this.version += 1;
      this.#text = text;
    } catch (error) {
      if (!asked.signal.aborted) this.failure = failureOf(error);
    }
  }
}
