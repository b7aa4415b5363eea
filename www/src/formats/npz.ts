// NumPy's files: .npy is a text header and the numbers, .npz a zip of them.
import { zipSync, type Zippable } from 'fflate';
import type { Tensor, Tensors } from './safetensors.ts';

export function writeNpy({ shape, data }: Tensor): Uint8Array<ArrayBuffer> {
  const sides = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  let header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${sides}), }`;
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

export function writeNpz(tensors: Tensors): Uint8Array<ArrayBuffer> {
  const files: Zippable = {};
  for (const [name, tensor] of tensors) files[`${name}.npy`] = writeNpy(tensor);
  return zipSync(files, { level: 0, mtime: epoch }) as Uint8Array<ArrayBuffer>;
}
