// Everything a training run depends on, as one table walked to read it from the address and write it back.
export interface RunSettings {
  seed: number;
  epochs: number;
  learning_rate: number;
  batch_size: number;
  optimizer: 'adam' | 'sgd';
  augment: boolean;
}

interface Property<T> {
  /** Its name in the address. */
  name: string;
  initial: T;
  /** Undefined where the text is no value of this property. */
  read: (text: string) => T | undefined;
  write: (value: T) => string;
}

function integer(name: string, initial: number, least: number, most: number): Property<number> {
  return {
    name,
    initial,
    read: (text) => {
      const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
      return value >= least && value <= most ? value : undefined;
    },
    write: String,
  };
}

function real(name: string, initial: number, least: number, most: number): Property<number> {
  return {
    name,
    initial,
    read: (text) => {
      const value = /^\d*\.?\d+(e[-+]?\d{1,2})?$/i.test(text) ? Number(text) : NaN;
      return value >= least && value <= most ? value : undefined;
    },
    write: String,
  };
}

function choice<T extends string>(name: string, initial: T, all: readonly T[]): Property<T> {
  return { name, initial, read: (text) => all.find((one) => one === text), write: String };
}

function flag(name: string, initial: boolean): Property<boolean> {
  return {
    name,
    initial,
    read: (text) => (text === '1' ? true : text === '0' ? false : undefined),
    write: (value) => (value ? '1' : '0'),
  };
}

export const batchSizes = [8, 16, 32, 64, 128, 256] as const;

export const table: { [K in keyof RunSettings]: Property<RunSettings[K]> } = {
  seed: integer('seed', 1, 0, 2 ** 32 - 1),
  epochs: integer('epochs', 10, 1, 200),
  learning_rate: real('lr', 0.001, 1e-6, 10),
  batch_size: integer('batch', 32, 1, 1024),
  optimizer: choice('optimizer', 'adam', ['adam', 'sgd'] as const),
  augment: flag('augment', false),
};

const keys = Object.keys(table) as (keyof RunSettings)[];

export function initialSettings(): RunSettings {
  return readSettings(new URLSearchParams());
}

/** What the address says; the initial value where it says nothing or nothing valid. */
export function readSettings(query: URLSearchParams): RunSettings {
  const read = <K extends keyof RunSettings>(key: K): RunSettings[K] => {
    const text = query.get(table[key].name);
    return (text === null ? undefined : table[key].read(text)) ?? table[key].initial;
  };
  return Object.fromEntries(keys.map((key) => [key, read(key)])) as unknown as RunSettings;
}

/** Writes every property, defaults too, so that an old address means the same run after a default changes. */
export function writeSettings(settings: RunSettings): URLSearchParams {
  const query = new URLSearchParams();
  const write = <K extends keyof RunSettings>(key: K) => query.set(table[key].name, table[key].write(settings[key]));
  for (const key of keys) write(key);
  return query;
}

/** Settings follow one another where the reader has not chosen: SGD wants a larger step than Adam. */
export const usualRate: Record<RunSettings['optimizer'], number> = { adam: 0.001, sgd: 0.01 };
/** Augmented digits are harder, so they take more epochs to pay. */
export const usualEpochs = { plain: 10, augmented: 20 };
