// The room of one's own data: the set on the table, and those that are kept.
import { WorkerFailure } from '../../../../workers/client.ts';
import { download } from '../../../lab/formats.ts';
import { forgetOwn, keepAbout, keepOwn, loadAbouts, loadOwn, usualPreparation, type KeptAbout, type Preparation } from '../../../lab/datasets.ts';
import { dataClient, type About, type Collected, type DataProgress, type Failure, type Given, type PictureOptions, type Reading, type SampleSheet, type Split } from '../../../lab/own-data.ts';

/** Why something did not go, or was not kept. */
export type Trouble = { failure: Failure } | { keeping: 'full' | 'denied' };

class DataTable {
  /** The set that is shown. */
  about = $state.raw<KeptAbout | undefined>();
  /** Read, but some files could not be: the reader is asked whether to keep the rest. */
  asked = $state.raw<Reading | undefined>();
  kept = $state.raw<KeptAbout[]>([]);
  trouble = $state.raw<Trouble | undefined>();
  progress = $state.raw<DataProgress | undefined>();
  busy = $state(false);
  split = $state.raw<Split | undefined>();
  /** Why it can't be split as asked. */
  splitFailure = $state.raw<Failure | undefined>();
  limit = $state<number | undefined>();
  pictures = $state.raw<PictureOptions>({ side: 32, colour: true });
  /** What was read last, to be read again at another size. */
  given = $state.raw<Given[]>([]);
  /** Counts up with each set that is put on the table. */
  version = $state(0);

  #loaded: Promise<void> | undefined;
  #asking: AbortController | undefined;
  #client = dataClient({ event: (event) => event.kind === 'reading' && (this.progress = event), crash: (failure) => this.#fail(failure) });

  load(): Promise<void> {
    this.#loaded ??= loadAbouts().then(async (abouts) => {
      this.kept = abouts;
      const last = abouts.at(-1);
      if (last && !this.about && !this.busy) await this.open(last.hash);
    });
    return this.#loaded;
  }

  read(files: Given[]): Promise<void> {
    if (files.length === 0) return Promise.resolve();
    this.given = files;
    return this.#guard(async () => this.#receive(await this.#client.ask('read', { files, pictures: { ...this.pictures } })));
  }

  shapes(name: string, classes: string[]): Promise<void> {
    this.given = [];
    return this.#guard(async () => this.#receive(await this.#client.ask('shapes', { name, classes, perClass: 400, seed: 1 })));
  }

  collect(collected: Collected): Promise<void> {
    this.given = [];
    return this.#guard(async () => this.#receive(await this.#client.ask('collect', collected)));
  }

  async #receive(reading: Reading): Promise<void> {
    if (reading.skipped.length > 0) this.asked = reading;
    else await this.#keep(reading.about);
  }

  /** Keeps what could be read. */
  keepAsked(): Promise<void> {
    const reading = this.asked;
    return reading ? this.#guard(() => this.#keep(reading.about)) : Promise.resolve();
  }

  async dropAsked(): Promise<void> {
    this.asked = undefined;
    // The worker holds what was read; it gets back what the table shows.
    if (this.about) await this.open(this.about.hash);
  }

  async #keep(about: About): Promise<void> {
    const before = this.kept.find(({ hash }) => hash === about.hash);
    // The same contents again keep the names and the preparation that they were given.
    const kept: KeptAbout = {
      ...about,
      name: before?.name ?? this.#free(about.name),
      classes: before?.classes ?? about.classes,
      kept: Date.now(),
      prepare: before?.prepare ?? usualPreparation(about),
    };
    const own = await this.#client.ask('take', {});
    const keeping = await keepOwn({ ...own, name: kept.name, classes: kept.classes }, kept);
    this.kept = [...this.kept.filter(({ hash }) => hash !== kept.hash), kept];
    if (keeping !== 'kept') this.trouble = { keeping };
    this.#show(kept);
  }

  /** A name that no other set has. */
  #free(name: string): string {
    const taken = new Set(this.kept.map((one) => one.name));
    let free = name;
    for (let nth = 2; taken.has(free); nth += 1) free = `${name} ${nth}`;
    return free;
  }

  #show(about: KeptAbout) {
    this.about = about;
    this.limit = undefined;
    this.split = undefined;
    this.version += 1;
    void this.#divide();
  }

  open(hash: string): Promise<void> {
    return this.#guard(async () => {
      const own = await loadOwn(hash);
      const about = this.kept.find((one) => one.hash === hash);
      if (!own || !about) return this.#fail({ code: 'no_dataset', fields: { name: about?.name ?? hash.slice(0, 8) }, fatal: false });
      await this.#client.ask('hold', { own }, { transfer: [own.values.buffer, own.labels.buffer] });
      this.#show(about);
    });
  }

  /** Other names or another preparation of the set on the table. */
  async change(part: Partial<Pick<KeptAbout, 'name' | 'classes' | 'prepare'>>): Promise<void> {
    if (!this.about) return;
    const next = { ...this.about, ...part };
    this.about = next;
    this.kept = this.kept.map((one) => (one.hash === next.hash ? next : one));
    await keepAbout(next);
    if (part.prepare) await this.#divide();
  }

  prepare(part: Partial<Preparation>): Promise<void> {
    return this.about ? this.change({ prepare: { ...this.about.prepare, ...part } }) : Promise.resolve();
  }

  limitTo(limit: number | undefined) {
    this.limit = limit;
    void this.#divide();
  }

  async #divide() {
    const { about, limit } = this;
    if (!about) return;
    this.#asking?.abort();
    const asking = (this.#asking = new AbortController());
    try {
      const split = await this.#client.ask('split', { prepare: about.prepare, limit }, { signal: asking.signal });
      if (asking.signal.aborted) return;
      this.split = split;
      this.splitFailure = undefined;
    } catch (error) {
      if (asking.signal.aborted) return;
      if (!(error instanceof WorkerFailure)) throw error;
      this.split = undefined;
      this.splitFailure = error.failure;
    }
  }

  sheet(label: number | null, from: number, count: number): Promise<SampleSheet> {
    return this.#client.ask('sheet', { label, from, count });
  }

  async forget(hash: string): Promise<void> {
    await forgetOwn(hash);
    this.kept = this.kept.filter((one) => one.hash !== hash);
    if (this.about?.hash !== hash) return;
    this.about = undefined;
    this.split = undefined;
    const next = this.kept.at(-1);
    if (next) await this.open(next.hash);
  }

  export(about: KeptAbout): Promise<void> {
    return this.#guard(async () => {
      const own = await loadOwn(about.hash);
      if (!own) return this.#fail({ code: 'no_dataset', fields: { name: about.name }, fatal: false });
      const bytes = await this.#client.ask('npz', { own }, { transfer: [own.values.buffer, own.labels.buffer] });
      download(`${about.name.replace(/[\\/:*?"<>|]+/g, '-')}.npz`, bytes);
    });
  }

  #fail(failure: Failure) {
    this.trouble = { failure };
  }

  async #guard(act: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.trouble = undefined;
    this.asked = undefined;
    try {
      await act();
    } catch (error) {
      if (!(error instanceof WorkerFailure)) throw error;
      this.#fail(error.failure);
    } finally {
      this.busy = false;
      this.progress = undefined;
    }
  }
}

export const table = new DataTable();
