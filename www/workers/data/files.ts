// What lies in dropped files: archives are opened, each file is known by its first bytes or its name.
import type { Engine } from 'danlu';
import { DanluError } from 'danlu';
import { failureOf, Refused } from '../failure.ts';
import { assemble, pairIdx, pairNpz, type Named, type NumberArray, type Raw } from './arrays.ts';
import { readTable } from './csv.ts';
import { isPicture, readPictures, type Picture } from './pictures.ts';
import type { Given, PictureOptions, Skipped } from './protocol.ts';
import { listZip } from './zip.ts';

type Bytes = Uint8Array<ArrayBuffer>;

interface Item {
  path: string;
  bytes(): Promise<Bytes>;
  /** Without reading it whole, where it lies on the disk. */
  blob(): Promise<Blob>;
}

type Kind = 'idx' | 'npz' | 'npy' | 'cifar' | 'cifar100' | 'picture' | 'table' | 'names';

export interface Found {
  raw: Raw;
  skipped: Skipped[];
  name: string;
}

/** The engine's reading of a file; its mistakes then name the file. */
function reading<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DanluError) || error.code === 'engine_panic') throw error;
    const codes: Record<string, string> = { malformed_file: 'data_malformed', object_array: 'data_objects', file_too_large: 'data_too_large', dtype_mismatch: 'data_dtype' };
    const code = codes[error.code];
    if (!code) throw error;
    throw new Refused(code, { ...failureOf(error).fields, file });
  }
}

const endsWith = (path: string, ...endings: string[]) => endings.some((ending) => path.toLowerCase().endsWith(ending));
const baseOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);
const beside = (path: string) => /(^|\/)(\.|__MACOSX\/|Thumbs\.db$|desktop\.ini$)/i.test(path) || /\.(md|html?|pdf|json|ya?ml|py|ipynb|log)$/i.test(path) || /(^|\/)readme[^/]*$/i.test(path);

const inArchive = (path: string, bytes: () => Bytes): Item => ({
  path,
  bytes: async () => bytes(),
  blob: async () => new Blob([bytes()]),
});

/** Files of archives take the archive's place. */
async function* open(files: readonly Given[], engine: Engine): AsyncGenerator<Item> {
  for (const { path, file } of files) {
    const bytes = async () => {
      try {
        return new Uint8Array(await file.arrayBuffer());
      } catch {
        throw new Refused('data_unreadable', { file: path });
      }
    };
    if (endsWith(path, '.zip')) {
      const within = listZip(path, await bytes());
      for (const packed of within) yield inArchive(packed.path, packed.bytes);
    } else if (endsWith(path, '.tar', '.tar.gz', '.tgz')) {
      const packed = await bytes();
      const tar = endsWith(path, '.tar') ? packed : (reading(path, () => engine.gunzip(packed)) as Bytes);
      for (const { name, from, to } of reading(path, () => engine.listTar(tar))) yield inArchive(name, () => tar.subarray(from, to));
    } else yield { path, bytes, blob: async () => file };
  }
}

/** By its name; where that says nothing, by how it begins. */
async function kindOf(path: string, blob: () => Promise<Blob>): Promise<Kind | undefined> {
  const name = baseOf(path).toLowerCase().replace(/\.gz$/, '');
  if (isPicture(name)) return 'picture';
  if (name.endsWith('.npz')) return 'npz';
  if (name.endsWith('.npy')) return 'npy';
  if (/^(data_batch_\d+|test_batch)\.bin$/.test(name)) return 'cifar';
  if (/^(train|test)\.bin$/.test(name)) return 'cifar100';
  if (/^(batches\.meta|fine_label_names|coarse_label_names)\.txt$/.test(name)) return 'names';
  if (/\.(csv|tsv)$/.test(name)) return 'table';
  if (/idx\d|-ubyte|\.idx$/.test(name)) return 'idx';
  const whole = await blob();
  const start = new Uint8Array(await whole.slice(0, 8).arrayBuffer());
  if (start[0] === 0x93 && start[1] === 0x4e) return 'npy';
  if (start[0] === 0 && start[1] === 0 && [8, 9, 11, 12, 13, 14].includes(start[2] ?? 0) && (start[3] ?? 0) > 0) return 'idx';
  if (start[0] === 0x1f && start[1] === 0x8b) return 'idx';
  if (name.endsWith('.bin') && whole.size > 0 && whole.size % 3073 === 0) return 'cifar';
  if (name.endsWith('.bin') && whole.size > 0 && whole.size % 3074 === 0) return 'cifar100';
  return undefined;
}

/** What the files are together; errs where they are of several kinds, or of none. */
export async function readFiles(files: readonly Given[], options: PictureOptions, engine: Engine, tell: (done: number, all: number, file: string) => void): Promise<Found> {
  const items: { item: Item; kind: Kind }[] = [];
  const skipped: Skipped[] = [];
  for await (const item of open(files, engine)) {
    if (beside(item.path)) continue;
    const kind = await kindOf(item.path, item.blob);
    if (kind) items.push({ item, kind });
    else skipped.push({ path: item.path, code: 'data_unknown_file' });
  }
  // Names of classes go with binary files only.
  const real = items.filter(({ kind }) => kind !== 'names');
  const first = real[0];
  if (!first) {
    const unknown = skipped[0]?.path;
    throw unknown === undefined ? new Refused('data_nothing', {}) : new Refused('data_unknown', { file: unknown });
  }
  const other = real.find(({ kind }) => kind !== first.kind);
  if (other) throw new Refused('data_several_kinds', { file: baseOf(first.item.path), other: baseOf(other.item.path) });

  const among = real.map(({ item }) => item);
  const name = nameOf(files, among, first.kind);
  if (first.kind === 'picture') {
    const pictures: Picture[] = among.map(({ path, blob }) => ({ path, blob }));
    const read = await readPictures(pictures, options, (done, file) => tell(done, pictures.length, file));
    return { raw: read.raw, skipped: [...skipped, ...read.skipped], name };
  }
  let done = 0;
  const each = async <T>(read: (file: string, bytes: Bytes) => T): Promise<T[]> => {
    const all: T[] = [];
    for (const { path, bytes } of among) {
      tell(done, among.length, baseOf(path));
      all.push(read(baseOf(path), await bytes()));
      done += 1;
    }
    return all;
  };
  return { raw: await assembled(first.kind, each, items, engine), skipped, name };
}

async function assembled(kind: Kind, each: <T>(read: (file: string, bytes: Bytes) => T) => Promise<T[]>, items: { item: Item; kind: Kind }[], engine: Engine): Promise<Raw> {
  switch (kind) {
    case 'idx':
      return assemble(pairIdx(await each((file, bytes): Named => ({ ...(reading(file, () => engine.readIdx(bytes)) as NumberArray), file }))));
    case 'npy': {
      // Arrays that were saved one by one are named by their files.
      const arrays = new Map(await each((file, bytes) => [file.replace(/\.npy$/i, ''), reading(file, () => engine.readNpy(bytes)) as NumberArray] as const));
      return assemble(pairNpz('npy', arrays));
    }
    case 'npz': {
      const [pairs, ...more] = await each((file, bytes) => pairNpz(file, npzArrays(file, bytes, engine)));
      if (more.length > 0) throw new Refused('data_two_alike', { file: items[0]!.item.path, other: items[1]!.item.path });
      return assemble(pairs!);
    }
    case 'table': {
      const [raw, ...more] = await each((file, bytes) => readTable(file, bytes));
      if (more.length > 0) throw new Refused('data_two_alike', { file: items[0]!.item.path, other: items[1]!.item.path });
      return raw!;
    }
    default: {
      const hundred = kind === 'cifar100';
      const parts = await each((file, bytes) => ({ file, ...(reading(file, () => engine.readCifar(bytes, { hundred })) as { pixels: Bytes; labels: Bytes }) }));
      return assemble(joined(parts), await cifarNames(hundred, items));
    }
  }
}

function npzArrays(file: string, bytes: Bytes, engine: Engine): Map<string, NumberArray> {
  return new Map(
    listZip(file, bytes)
      .filter(({ path }) => path.endsWith('.npy'))
      .map((packed) => [packed.path.replace(/\.npy$/, ''), reading(`${file}: ${packed.path}`, () => engine.readNpy(packed.bytes())) as NumberArray]),
  );
}

/** The five training files in the order of their numbers, and the one for tests. */
function joined(parts: { file: string; pixels: Bytes; labels: Bytes }[]) {
  const isTest = (file: string) => /^test/i.test(file);
  return [false, true].flatMap((test) => {
    const of = parts.filter(({ file }) => isTest(file) === test).sort((a, b) => a.file.localeCompare(b.file, 'en', { numeric: true }));
    if (of.length === 0) return [];
    const file = of[0]!.file;
    const join = (arrays: Bytes[]) => {
      const whole = new Uint8Array(arrays.reduce((sum, { length }) => sum + length, 0));
      let at = 0;
      for (const array of arrays) {
        whole.set(array, at);
        at += array.length;
      }
      return whole;
    };
    const labels = join(of.map((part) => part.labels));
    const images: Named = { file, shape: [labels.length, 32, 32, 3], data: join(of.map((part) => part.pixels)) };
    return [{ images, labels: { file, shape: [labels.length], data: labels }, test }];
  });
}

/** As CIFAR-10's own batches.meta.txt has them. */
const tenNames = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'];

async function cifarNames(hundred: boolean, items: { item: Item; kind: Kind }[]): Promise<string[] | undefined> {
  const wanted = hundred ? 'fine_label_names.txt' : 'batches.meta.txt';
  const file = items.find(({ kind, item }) => kind === 'names' && baseOf(item.path) === wanted);
  if (!file) return hundred ? undefined : tenNames;
  return new TextDecoder().decode(await file.item.bytes()).split('\n').map((line) => line.trim()).filter(Boolean);
}

/** What the reader will most likely call it: the folder, the archive or the one file. */
function nameOf(files: readonly Given[], items: readonly Item[], kind: Kind): string {
  const first = files[0]!.path.split('/').filter(Boolean);
  if (first.length > 1) return first[0]!;
  const stem = (path: string) => baseOf(path).replace(/\.(gz|zip|tgz|tar|npz|npy|csv|tsv|bin)$/gi, '').replace(/\.(tar|bin)$/i, '');
  const names = files.length === 1 ? [stem(files[0]!.path)] : items.map(({ path }) => stem(path));
  // What all of them begin with, in whole words; a pair that is called by its parts alone is called by its format.
  let common = names[0]!;
  for (const name of names) while (!name.startsWith(common)) common = common.slice(0, -1);
  if (names.some((name) => /^[a-z0-9]/i.test(name.slice(common.length)))) common = common.replace(/[a-z0-9]+$/i, '');
  common = common.replace(/[-_. ]*(train|t10k|test|data_batch)?[-_. ]*$/i, '');
  return common.length >= 2 ? common : names.length === 1 ? names[0]! : formatNames[kind];
}

const formatNames: Record<Kind, string> = { idx: 'IDX', npz: 'npz', npy: 'npy', cifar: 'CIFAR-10', cifar100: 'CIFAR-100', picture: 'PNG', table: 'CSV', names: 'CIFAR' };
