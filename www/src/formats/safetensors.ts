// safetensors: eight bytes of length, a JSON header, the arrays.
import { malformed } from './failure.ts';

export interface Tensor {
  shape: number[];
  data: Float32Array<ArrayBuffer>;
}

export type Tensors = Map<string, Tensor>;

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

export const sizeOf = (shape: readonly number[]) => shape.reduce((size, side) => size * side, 1);

const show = (value: unknown) => JSON.stringify(value) ?? 'undefined';
const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

/** Numbers of 16 bits as numbers of 32; F16 (IEEE) and BF16 (a float's upper half). */
function widened(bytes: Uint8Array, half: boolean): Float32Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = new Float32Array(bytes.length / 2);
  const bits = new DataView(new ArrayBuffer(4));
  for (let at = 0; at < wide.length; at += 1) {
    const value = view.getUint16(2 * at, true);
    if (half) wide[at] = halfOf(value);
    else {
      bits.setUint32(0, value << 16);
      wide[at] = bits.getFloat32(0);
    }
  }
  return wide;
}

export function halfOf(bits: number): number {
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 0x1f, bits & 0x3ff];
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const readers: Record<string, { size: number; read: (bytes: Uint8Array) => Float32Array<ArrayBuffer> }> = {
  F32: { size: 4, read: (bytes) => new Float32Array(bytes.slice().buffer) },
  F64: { size: 8, read: (bytes) => Float32Array.from(new Float64Array(bytes.slice().buffer)) },
  F16: { size: 2, read: (bytes) => widened(bytes, true) },
  BF16: { size: 2, read: (bytes) => widened(bytes, false) },
};

/** Everything in the file, as numbers of 32 bits; errs with where the file is wrong. */
export function readSafetensors(bytes: Uint8Array, file: string): { tensors: Tensors; metadata: Record<string, string> } {
  if (bytes.length < 8) throw malformed(file, 0, '>= 8 bytes', `${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length > bytes.length - 8) throw malformed(file, 0, `a header of <= ${bytes.length - 8} bytes`, `${length} bytes`);
  let header: unknown;
  const text = new TextDecoder().decode(bytes.subarray(8, 8 + length));
  try {
    header = JSON.parse(text);
  } catch {
    throw malformed(file, 8, 'JSON', text);
  }
  if (header === null || typeof header !== 'object' || Array.isArray(header)) throw malformed(file, 8, '{name: {dtype, shape, data_offsets}}', text);
  const { __metadata__: metadata, ...entries } = header as Record<string, unknown>;
  const room = bytes.length - 8 - length;
  const tensors: Tensors = new Map();
  for (const [name, value] of Object.entries(entries)) {
    const { dtype, shape, data_offsets } = (value ?? {}) as Entry;
    const reader = readers[dtype];
    if (!reader) throw malformed(file, name, `dtype ${Object.keys(readers).join(' | ')}`, show(dtype));
    if (!Array.isArray(shape) || !shape.every(isCount)) throw malformed(file, name, 'shape [sizes]', show(shape));
    const size = sizeOf(shape) * reader.size;
    const [from, to] = Array.isArray(data_offsets) ? data_offsets : [];
    if (!isCount(from) || !isCount(to) || to > room || to - from !== size) {
      throw malformed(file, name, `data_offsets [a, a + ${size}] <= ${room}`, show(data_offsets));
    }
    tensors.set(name, { shape, data: reader.read(bytes.subarray(8 + length + from, 8 + length + to)) });
  }
  return { tensors, metadata: (metadata ?? {}) as Record<string, string> };
}

/** As safetensors' own writer: the header is filled up with spaces to a multiple of eight. */
export function writeSafetensors(tensors: Tensors, metadata: Record<string, string> = {}): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = Object.keys(metadata).length > 0 ? { __metadata__: metadata } : {};
  let end = 0;
  for (const [name, { shape, data }] of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [end, end + data.byteLength] };
    end += data.byteLength;
  }
  let json = JSON.stringify(header);
  const encoded = () => new TextEncoder().encode(json);
  json += ' '.repeat((8 - (encoded().length % 8)) % 8);
  const head = encoded();
  const bytes = new Uint8Array(8 + head.length + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(head.length), true);
  bytes.set(head, 8);
  let at = 8 + head.length;
  for (const { data } of tensors.values()) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/** The same numbers with their axes in another order, as NumPy's `transpose`. */
export function transposed({ shape, data }: Tensor, order: number[]): Tensor {
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const sides = order.map((axis) => shape[axis]!);
  const steps = order.map((axis) => strides[axis]!);
  const result = new Float32Array(data.length);
  const place = sides.map(() => 0);
  let from = 0;
  for (let at = 0; at < result.length; at += 1) {
    result[at] = data[from]!;
    for (let axis = sides.length - 1; axis >= 0; axis -= 1) {
      from += steps[axis]!;
      if (++place[axis]! < sides[axis]!) break;
      from -= steps[axis]! * sides[axis]!;
      place[axis] = 0;
    }
  }
  return { shape: sides, data: result };
}

export const reshaped = ({ data }: Tensor, shape: number[]): Tensor => ({ shape, data });
