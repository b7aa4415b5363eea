// Samples that the reader makes by hand or by camera, class by class. What was made outlives a reload.
import { get, put, remove } from '../../../lab/database.ts';
import type { Collected } from '../../../lab/own-data.ts';

export interface Collecting {
  name: string;
  samples: Uint8Array<ArrayBuffer>[];
}

interface Draft {
  shape: number[];
  classes: Collecting[];
}

const classesMost = 20;

export class Collector {
  classes = $state.raw<Collecting[]>([]);
  /** The class that the next sample belongs to. */
  chosen = $state(0);
  shape = $state.raw<number[]>([]);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #loaded: Promise<void> | undefined;

  constructor(
    private readonly id: 'draw' | 'camera',
    shape: number[],
  ) {
    this.shape = shape;
  }

  get #key(): string {
    return `draft ${this.id}`;
  }

  /** `names` for a reader who begins. */
  load(names: string[]): Promise<void> {
    this.#loaded ??= get<Draft>('datasets', this.#key).then((draft) => {
      if (draft) this.shape = draft.shape;
      this.classes = draft?.classes ?? names.map((name) => ({ name, samples: [] }));
    });
    return this.#loaded;
  }

  get total(): number {
    return this.classes.reduce((sum, { samples }) => sum + samples.length, 0);
  }

  /** Classes that have a sample. */
  get filled(): number {
    return this.classes.filter(({ samples }) => samples.length > 0).length;
  }

  get full(): boolean {
    return this.classes.length >= classesMost;
  }

  #set(classes: Collecting[]) {
    this.classes = classes;
    this.chosen = Math.min(this.chosen, Math.max(0, classes.length - 1));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void put('datasets', this.#key, { shape: $state.snapshot(this.shape), classes }), 300);
  }

  #change(at: number, part: Partial<Collecting>) {
    this.#set(this.classes.map((one, nth) => (nth === at ? { ...one, ...part } : one)));
  }

  addClass(name: string) {
    if (this.full) return;
    this.#set([...this.classes, { name, samples: [] }]);
    this.chosen = this.classes.length - 1;
  }

  removeClass(at: number) {
    this.#set(this.classes.filter((_, nth) => nth !== at));
  }

  rename(at: number, name: string) {
    this.#change(at, { name });
  }

  add(sample: Uint8Array<ArrayBuffer>, at = this.chosen) {
    const now = this.classes[at];
    if (now) this.#change(at, { samples: [...now.samples, sample] });
  }

  /** Takes the last sample of a class back. */
  undo(at: number) {
    const now = this.classes[at];
    if (now) this.#change(at, { samples: now.samples.slice(0, -1) });
  }

  /** Another size: what was taken so far has the old one and goes. */
  reshape(shape: number[]) {
    this.shape = shape;
    this.#set(this.classes.map(({ name }) => ({ name, samples: [] })));
  }

  clear() {
    this.#set(this.classes.map(({ name }) => ({ name, samples: [] })));
    clearTimeout(this.#timer);
    void remove('datasets', this.#key);
  }

  /** `fallback` names a class whose name was left empty. */
  collected(name: string, fallback: (at: number) => string): Collected {
    return { name, shape: $state.snapshot(this.shape) as number[], classes: this.classes.map((one, at) => ({ name: one.name.trim() || fallback(at), samples: one.samples })) };
  }
}

export const drawn = new Collector('draw', [28, 28, 1]);
export const taken = new Collector('camera', [32, 32, 3]);
