/**
 * The learner's unfinished code. It is written to localStorage at each keystroke, because that is the one store that
 * has taken a write when it returns: a reload in the middle of a word loses nothing.
 *
 * Every tab writes into a slot of its own, so that two tabs on one exercise never overwrite each other. A tab that has
 * no slot yet continues with the newest of the others.
 */
const VERSION = 1;
const SLOTS_KEPT = 5;
const TAB_KEY = `danlu.tab.v${VERSION}`;

export interface Draft {
  code: string;
  /** Milliseconds since 1970. */
  savedAt: number;
}

export interface FoundDraft extends Draft {
  slot: string;
  /** Whether this tab wrote it. */
  own: boolean;
}

export const DRAFT_PREFIX = `danlu.draft.v${VERSION}.`;
export const draftKey = (exercise: string, slot: string): string => `${DRAFT_PREFIX}${exercise}.${slot}`;

export class Drafts {
  readonly #storage: Storage;
  readonly #tab: string;

  constructor(storage: Storage, tab: string) {
    this.#storage = storage;
    this.#tab = tab;
  }

  #prefix(exercise: string): string {
    return draftKey(exercise, '');
  }

  /** Whether the draft could be written; a full or forbidden store answers no. */
  save(exercise: string, code: string, savedAt: number): boolean {
    try {
      this.#storage.setItem(this.#prefix(exercise) + this.#tab, JSON.stringify({ code, savedAt } satisfies Draft));
      return true;
    } catch {
      return false;
    }
  }

  /** All drafts of an exercise, newest first. */
  list(exercise: string): FoundDraft[] {
    const prefix = this.#prefix(exercise);
    const found: FoundDraft[] = [];
    for (const key of this.#keys()) {
      if (!key.startsWith(prefix)) continue;
      const draft = parseDraft(this.#storage.getItem(key));
      const slot = key.slice(prefix.length);
      if (draft) found.push({ ...draft, slot, own: slot === this.#tab });
    }
    return found.sort((a, b) => b.savedAt - a.savedAt);
  }

  /** The draft to go on with: this tab's own, else the newest. */
  restore(exercise: string): FoundDraft | null {
    const drafts = this.list(exercise);
    return drafts.find((draft) => draft.own) ?? drafts[0] ?? null;
  }

  /** The newest draft of another tab that is newer than `savedAt` and says something else than `code`. */
  newerElsewhere(exercise: string, code: string, savedAt: number): FoundDraft | null {
    return this.list(exercise).find((draft) => !draft.own && draft.savedAt > savedAt && draft.code !== code) ?? null;
  }

  /** Drops slots that say the same as a newer one, and all but the newest few. */
  prune(exercise: string): void {
    const seen = new Set<string>();
    let kept = 0;
    for (const draft of this.list(exercise)) {
      const keep = draft.own || (!seen.has(draft.code) && kept < SLOTS_KEPT);
      seen.add(draft.code);
      if (keep) kept += 1;
      else this.#storage.removeItem(this.#prefix(exercise) + draft.slot);
    }
  }

  /** The exercise whose draft a `storage` event's key belongs to. */
  concerns(exercise: string, key: string | null): boolean {
    return key === null || key.startsWith(this.#prefix(exercise));
  }

  #keys(): string[] {
    return Array.from({ length: this.#storage.length }, (_, index) => this.#storage.key(index) ?? '');
  }
}

export function parseDraft(text: string | null): Draft | null {
  try {
    const value = JSON.parse(text ?? 'null') as Partial<Draft> | null;
    return typeof value?.code === 'string' && typeof value.savedAt === 'number' ? { code: value.code, savedAt: value.savedAt } : null;
  } catch {
    return null;
  }
}

/**
 * This tab's name. It survives a reload through sessionStorage, but is taken out of there while the page lives: a
 * duplicated tab copies sessionStorage and would otherwise write into its twin's slot.
 */
export function tabName(session: Storage, page: EventTarget, makeName: () => string): string {
  let name: string;
  try {
    name = session.getItem(TAB_KEY) ?? makeName();
    session.removeItem(TAB_KEY);
    page.addEventListener('pagehide', () => session.setItem(TAB_KEY, name));
    page.addEventListener('pageshow', () => session.removeItem(TAB_KEY));
  } catch {
    name = makeName();
  }
  return name;
}

/** Where storage is forbidden, an empty one that forgets at once; `save` then answers no. */
export function usableStorage(get: () => Storage): Storage {
  try {
    return get();
  } catch {
    return {
      length: 0, key: () => null, getItem: () => null, removeItem: () => undefined, clear: () => undefined,
      setItem: () => { throw new Error('storage is forbidden here'); },
    };
  }
}

let namedTab: string | undefined;

/** Named once per page, because taking the name out of the tab's storage can be done only once. */
export function thisTab(): string {
  namedTab ??= tabName(usableStorage(() => sessionStorage), window, () => crypto.randomUUID());
  return namedTab;
}
