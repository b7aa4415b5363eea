// NumPy's files: .npy is a text header and the numbers, .npz a zip of them.
import { zipSync, type Zippable } from 'fflate';

export interface Numbers {
  shape: number[];
  data: Float32Array<ArrayBuffer> | Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;
}

export function writeNpy({ shape, data }: Numbers): Uint8Array<ArrayBuffer> {
  const sides = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const type = data instanceof Uint8Array ? '|u1' : data instanceof Uint32Array ? '<u4' : '<f4';
  let header = `{'descr': '${type}', 'fortran_order': False, 'shape': (${sides}), }`;
  // Magic, version and length are ten bytes; numbers begin at a multiple of 64.
  header += ' '.repeat((64 - ((10 + header.length + 1) % 64)) % 64) + '\n';
  const bytes = new Uint8Array(10 + header.length + data.byteLength);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
  bytes.set(new TextEncoder().encode(header), 10);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 10 + header.length);
  return bytes;
}

/** The same bytes whenever it is made: files in a zip carry a date. */
export const epoch = new Date(1980, 0, 1);

export function writeNpz(tensors: ReadonlyMap<string, Numbers>): Uint8Array<ArrayBuffer> {
  const files: Zippable = {};
  for (const [name, tensor] of tensors) files[`${name}.npy`] = writeNpy(tensor);
  return zipSync(files, { level: 0, mtime: epoch }) as Uint8Array<ArrayBuffer>;
}
