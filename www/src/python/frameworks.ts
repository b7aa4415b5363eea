/** torch, tensorflow, keras: an archive of their own, fetched when some code first names one of them. */
import { fetchArchive } from './files';
import type { Runtime } from './runtime';
import type { ExerciseChecks, Message } from './types';

export class Frameworks {
  #url: string;
  #names: RegExp;
  #fetched: Promise<Uint8Array> | null = null;
  #given = new WeakSet<Runtime>();

  /** `names` are what the archive makes importable. */
  constructor({ url, names }: { url: string; names: string[] }) {
    this.#url = url;
    this.#names = new RegExp(`\\b(?:${names.join('|')})\\b`);
  }

  /** Whether a runtime still lacks what these texts name; a name in a comment or a string counts as well. */
  lacks(runtime: Runtime, texts: string[]): boolean {
    return !this.#given.has(runtime) && texts.some((text) => this.#names.test(text));
  }

  fetch(): Promise<Uint8Array> {
    this.#fetched ??= fetchArchive(this.#url).catch((error) => {
      // The network may be back at the next attempt.
      this.#fetched = null;
      throw error;
    });
    return this.#fetched;
  }

  /** Why it couldn't be given, or null. */
  async give(runtimes: Runtime[]): Promise<Message | null> {
    let bytes: Uint8Array;
    try {
      bytes = await this.fetch();
    } catch (error) {
      return { key: 'cannot_fetch', fields: { reason: String(error) } };
    }
    for (const runtime of runtimes) {
      await runtime.request({ type: 'extend', bytes });
      this.#given.add(runtime);
    }
    return null;
  }
}

/** What an exercise has the learner's runtime import; a hidden `torch` alone needs no torch. */
export function learnersTexts({ given = '', packages = [], forbid }: ExerciseChecks): string[] {
  return [given, ...packages, ...forbid.filter((name) => name.includes('.'))];
}
