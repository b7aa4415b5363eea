// A weights file without its zeros: compressed sparse rows (CSR), as a safetensors file.
//
// Of each kernel with enough zeros `<name>.values` holds what is not zero, row by row, `<name>.columns` in which column
// each stands (U16 where that suffices) and `<name>.rows` where each row begins; a kernel's last axis are its columns.
// The other arrays stand as they are.
import { tensorsOf, type Tensor } from '../safetensors.ts';

interface Part {
  name: string;
  dtype: 'F32' | 'U32' | 'U16';
  shape: number[];
  bytes: Uint8Array;
}

const bytesOf = (array: Float32Array | Uint32Array | Uint16Array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

export function sparseFile(weights: Uint8Array): Uint8Array<ArrayBuffer> {
  const parts: Part[] = [];
  const shapes: Record<string, string> = {};
  for (const [name, tensor] of tensorsOf(weights)) {
    const sparse = sparseParts(name, tensor);
    const dense = tensor.values.byteLength;
    if (sparse && sparse.reduce((all, part) => all + part.bytes.length, 0) < dense) {
      shapes[name] = JSON.stringify(tensor.shape);
      parts.push(...sparse);
    } else parts.push({ name, dtype: 'F32', shape: tensor.shape, bytes: bytesOf(tensor.values) });
  }
  // Wide numbers first, so that each begins where its size divides.
  parts.sort((a, b) => (a.dtype === 'U16' ? 1 : 0) - (b.dtype === 'U16' ? 1 : 0));
  return write(parts, shapes);
}

function sparseParts(name: string, { shape, values }: Tensor): Part[] | undefined {
  if (shape.length < 2) return undefined;
  const columns = shape.at(-1)!;
  const rows = values.length / columns;
  const count = values.reduce((all, value) => all + (value === 0 ? 0 : 1), 0);
  const kept = new Float32Array(count);
  const at = columns <= 0x10000 ? new Uint16Array(count) : new Uint32Array(count);
  const starts = new Uint32Array(rows + 1);
  let next = 0;
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const value = values[row * columns + column]!;
      if (value === 0) continue;
      kept[next] = value;
      at[next] = column;
      next += 1;
    }
    starts[row + 1] = next;
  }
  return [
    { name: `${name}.values`, dtype: 'F32', shape: [count], bytes: bytesOf(kept) },
    { name: `${name}.rows`, dtype: 'U32', shape: [rows + 1], bytes: bytesOf(starts) },
    { name: `${name}.columns`, dtype: at instanceof Uint16Array ? 'U16' : 'U32', shape: [count], bytes: bytesOf(at) },
  ];
}

function write(parts: Part[], metadata: Record<string, string>): Uint8Array<ArrayBuffer> {
  let length = 0;
  const entries = parts.map(({ name, dtype, shape, bytes }) => {
    const from = length;
    length += bytes.length;
    return [name, { dtype, shape, data_offsets: [from, length] }] as const;
  });
  let text = JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) });
  text += ' '.repeat((8 - (text.length % 8)) % 8);
  const head = new TextEncoder().encode(text);
  const file = new Uint8Array(8 + head.length + length);
  new DataView(file.buffer).setBigUint64(0, BigInt(head.length), true);
  file.set(head, 8);
  let at = 8 + head.length;
  for (const { bytes } of parts) {
    file.set(bytes, at);
    at += bytes.length;
  }
  return file;
}

/** The arrays of such a file as they were, zeros and all. */
export function denseOf(file: Uint8Array): Map<string, Tensor> {
  const headBytes = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const { __metadata__: shapes = {}, ...entries } = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + headBytes))) as Record<string, never> & {
    __metadata__?: Record<string, string>;
  };
  const kinds = { F32: Float32Array, U32: Uint32Array, U16: Uint16Array };
  const read = (name: string) => {
    const { dtype, shape, data_offsets: [from, to] } = (entries as Record<string, { dtype: keyof typeof kinds; shape: number[]; data_offsets: [number, number] }>)[name]!;
    return { shape, values: new kinds[dtype](file.slice(8 + headBytes + from, 8 + headBytes + to).buffer) };
  };
  const tensors = new Map<string, Tensor>();
  const parts = new Set(Object.keys(shapes).flatMap((name) => ['values', 'rows', 'columns'].map((part) => `${name}.${part}`)));
  for (const name of Object.keys(entries)) if (!parts.has(name)) tensors.set(name, read(name) as Tensor);
  for (const [name, text] of Object.entries(shapes)) {
    const shape = JSON.parse(text) as number[];
    const [kept, starts, columns] = [read(`${name}.values`).values, read(`${name}.rows`).values, read(`${name}.columns`).values];
    const values = new Float32Array(shape.reduce((all, size) => all * size, 1));
    for (let row = 0; row + 1 < starts.length; row += 1) {
      for (let at = starts[row]!; at < starts[row + 1]!; at += 1) values[row * shape.at(-1)! + columns[at]!] = kept[at]!;
    }
    tensors.set(name, { shape, values });
  }
  return tensors;
}

export async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
