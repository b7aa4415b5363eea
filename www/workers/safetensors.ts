// f32 arrays in and out of safetensors bytes: a length, a JSON header, the data.
interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

function headerOf(bytes: Uint8Array): { entries: Record<string, Entry>; data: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = Number(view.getBigUint64(0, true));
  const entries = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerBytes))) as Record<string, Entry>;
  delete entries.__metadata__;
  return { entries, data: 8 + headerBytes };
}

export interface Tensor {
  shape: number[];
  values: Float32Array<ArrayBuffer>;
}

/** Every f32 array of the file by its name, in the file's order. */
export function tensorsOf(bytes: Uint8Array): Map<string, Tensor> {
  const { entries, data } = headerOf(bytes);
  const found = new Map<string, Tensor>();
  for (const [name, { dtype, shape, data_offsets: [from, to] }] of Object.entries(entries)) {
    if (dtype === 'F32') found.set(name, { shape, values: new Float32Array(bytes.slice(data + from, data + to).buffer) });
  }
  return found;
}

/** A file of these arrays. */
export function fileOf(tensors: ReadonlyMap<string, Tensor>): Uint8Array<ArrayBuffer> {
  const header: Record<string, Entry> = {};
  let length = 0;
  for (const [name, { shape, values }] of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [length, length + values.byteLength] };
    length += values.byteLength;
  }
  let text = JSON.stringify(header);
  text += ' '.repeat((8 - (text.length % 8)) % 8); // Data begin at a multiple of eight.
  const head = new TextEncoder().encode(text);
  const file = new Uint8Array(8 + head.length + length);
  new DataView(file.buffer).setBigUint64(0, BigInt(head.length), true);
  file.set(head, 8);
  for (const [name, { values }] of tensors) file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), 8 + head.length + header[name]!.data_offsets[0]);
  return file;
}

export function tensorOf(bytes: Uint8Array, name: string): Float32Array<ArrayBuffer> {
  const { entries, data } = headerOf(bytes);
  const entry = entries[name];
  if (entry?.dtype !== 'F32') throw new Error(`no f32 tensor named ${name}`);
  const [from, to] = entry.data_offsets;
  return new Float32Array(bytes.slice(data + from, data + to).buffer);
}
