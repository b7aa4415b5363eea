/** The learner's code on one exercise page: kept at each keystroke, restored, replaced with a way back. */
import type { Drafts, FoundDraft } from './drafts.ts';

export type Notice =
  | { kind: 'restored'; at: number }
  /** The code was replaced by this; `previous` is the way back. */
  | { kind: 'stub' | 'solution' | 'attempt' | 'other-tab' | 'shared' | 'example'; previous: string }
  | { kind: 'elsewhere'; draft: FoundDraft }
  | { kind: 'undone' };

export class DraftKeeper {
  readonly initial: string;
  readonly #drafts: Drafts;
  readonly #exercise: string;
  readonly #now: () => number;
  #code: string;

  savedAt = $state<number | null>(null);
  /** The store is full or forbidden: what is typed lives only as long as the page. */
  failed = $state(false);
  notice = $state.raw<Notice | null>(null);

  constructor(drafts: Drafts, exercise: string, stub: string, now: () => number) {
    this.#drafts = drafts;
    this.#exercise = exercise;
    this.#now = now;
    const found = drafts.restore(exercise);
    this.initial = found?.code ?? stub;
    this.#code = this.initial;
    this.savedAt = found?.savedAt ?? null;
    if (found && found.code !== stub) this.notice = { kind: 'restored', at: found.savedAt };
    drafts.prune(exercise);
    this.lookElsewhere();
  }

  get code(): string {
    return this.#code;
  }

  /** Called at each change of the editor; `typed` tells the reader's own changes from replacements. */
  changed(code: string, typed: boolean): void {
    this.#code = code;
    if (typed && this.notice?.kind !== 'elsewhere') this.notice = null;
    this.save();
  }

  save(): void {
    const at = this.#now();
    this.failed = !this.#drafts.save(this.#exercise, this.#code, at);
    if (!this.failed) this.savedAt = at;
  }

  /** Another tab has written: offer its code when it is newer and different. */
  lookElsewhere(): void {
    const draft = this.#drafts.newerElsewhere(this.#exercise, this.#code, this.savedAt ?? 0);
    if (draft) this.notice = { kind: 'elsewhere', draft };
    else if (this.notice?.kind === 'elsewhere') this.notice = null;
  }

  concerns(key: string | null): boolean {
    return this.#drafts.concerns(this.#exercise, key);
  }
}
