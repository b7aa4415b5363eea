// The engine's ops on f32 arrays, one at a time with their way back: what happens between two of them is the caller's.
//
// The engine is the page's numpy, whose ops sum in f32 in one order on every machine.
import { load, type Engine, type GlueModule } from 'danlu';
import { DownloadFailure } from '../digits.ts';
import type { Tensor } from '../safetensors.ts';

export type { Tensor };
type Raw = typeof import('danlu/raw_python.js');

const f32 = 2;
const f64 = 3;
const normal = 1;

interface Manifest {
  files: Record<string, { url: string }>;
}

/** The engine of the page's Python, from where that takes it. `page` is the page's own address. */
export async function fetchEngine(page: string): Promise<Engine> {
  const base = new URL('python/', page);
  const get = async (url: URL, options?: RequestInit) => {
    const response = await fetch(url, options).catch(() => undefined);
    if (!response?.ok) throw new DownloadFailure(url.pathname.slice(url.pathname.lastIndexOf('/') + 1), response?.status ?? 0);
    return response;
  };
  const { files } = (await (await get(new URL('manifest.json', base), { cache: 'no-cache' })).json()) as Manifest;
  const [glue, wasm] = [files.engineGlue!, files.engineWasm!].map(({ url }) => new URL(url, base)) as [URL, URL];
  return load({ variant: 'simd', source: () => get(wasm), glue: async () => importText(await (await get(glue)).text()) });
}

/** A module from its text: not every host says of an .mjs that it is JavaScript. */
async function importText(text: string): Promise<GlueModule> {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  try {
    return (await import(/* @vite-ignore */ address)) as GlueModule;
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** An op that was called, for its way back. */
export interface Called {
  y: Tensor;
  /** The gradients of what was wanted, in the order of the inputs; ends the record. */
  back(dy: Float32Array): (Tensor | null)[];
  /** Ends the record where there is no way back. */
  forget(): void;
}

export class Arithmetic {
  readonly #raw: Raw;
  readonly #prepared = new Map<string, number>();
  #generator: number | undefined;

  constructor(private readonly engine: Engine) {
    this.#raw = engine.raw as unknown as Raw;
  }

  /** Normal numbers and orders are drawn from here on by this seed. */
  seed(seed: number): void {
    this.engine.guard(() => {
      if (this.#generator !== undefined) this.#raw.np_random_free(this.#generator);
      this.#raw.np_numbers(1, seed, 0, 0, 0, 0, 0);
      this.#generator = this.#raw.np_random_modern();
    });
  }

  normal(shape: number[], deviation: number): Tensor {
    const values = this.engine.guard(() => {
      this.#list(shape);
      return this.#take(this.#raw.np_random_fill(this.#drawn(), normal, f64), f64);
    });
    return { shape, values: Float32Array.from(values, (value) => deviation * value) };
  }

  /** The numbers below `count` in a random order. */
  permutation(count: number): Uint32Array {
    const bytes = this.engine.guard(() => {
      const handle = Math.abs(this.#raw.np_random_permutation(this.#drawn(), count));
      const bytes = this.#raw.np_bytes(handle);
      this.#raw.np_free(handle);
      return bytes;
    });
    return Uint32Array.from(new BigInt64Array(bytes.slice().buffer), Number);
  }

  /** Calls an op of the engine; the bits of `wanted` say by which of the inputs it will be differentiated. */
  call(name: string, inputs: readonly Tensor[], settings: Record<string, unknown> = {}, wanted = 0): Called {
    return this.engine.guard(() => {
      const prepared = this.#prepare(name, settings);
      const handles = inputs.map((input) => this.#give(input));
      this.#list(handles);
      const y = this.#raw.ag_run(prepared, wanted);
      for (const handle of handles) this.#raw.np_free(handle);
      const record = this.#raw.ag_record();
      const shape = this.#shape(y);
      const answer: Tensor = { shape, values: this.#take(y, f32) as Float32Array<ArrayBuffer> };
      return { y: answer, back: (dy) => this.#back(record, { shape, values: dy as Float32Array<ArrayBuffer> }, inputs, wanted), forget: () => this.engine.guard(() => this.#raw.ag_forget(record)) };
    });
  }

  #back(record: number, dy: Tensor, inputs: readonly Tensor[], wanted: number): (Tensor | null)[] {
    return this.engine.guard(() => {
      const handle = this.#give(dy);
      this.#raw.ag_pull(record, handle);
      this.#raw.np_free(handle);
      const gradients = inputs.map(({ shape }, at) => ((wanted >> at) & 1 ? { shape, values: this.#take(this.#raw.ag_pulled(at), f32) as Float32Array<ArrayBuffer> } : null));
      this.#raw.ag_forget(record);
      return gradients;
    });
  }

  #drawn(): number {
    if (this.#generator === undefined) throw new Error('draw after a seed');
    return this.#generator;
  }

  #prepare(name: string, settings: Record<string, unknown>): number {
    const json = JSON.stringify(settings);
    const key = `${name} ${json}`;
    let prepared = this.#prepared.get(key);
    if (prepared === undefined) this.#prepared.set(key, (prepared = this.#raw.ag_prepare(name, json)));
    return prepared;
  }

  #list(numbers: readonly number[]): void {
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = numbers;
    this.#raw.np_numbers(numbers.length, a, b, c, d, e, f);
  }

  #give({ shape, values }: Tensor): number {
    this.#list(shape);
    return Math.abs(this.#raw.np_from_bytes(f32, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)));
  }

  #shape(handle: number): number[] {
    const axes = (handle >> 2) & 31;
    return Array.from({ length: axes }, (_, axis) => this.#raw.np_dim(handle, axis));
  }

  /** The values of an array, which goes. */
  #take(made: number, dtype: typeof f32 | typeof f64): Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer> {
    // A warning of NumPy's makes the handle negative.
    const handle = Math.abs(made);
    if (made < 0) this.#raw.np_warnings();
    const { buffer, byteOffset, length } = this.#raw.np_bytes(handle) as Uint8Array<ArrayBuffer>;
    this.#raw.np_free(handle);
    return dtype === f32 ? new Float32Array(buffer, byteOffset, length / 4) : new Float64Array(buffer, byteOffset, length / 8);
  }
}
