// Reads one named f32 array out of safetensors bytes: a length, a JSON header, the data.
interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

export function tensorOf(bytes: Uint8Array, name: string): Float32Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = Number(view.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerBytes))) as Record<string, Entry>;
  const entry = header[name];
  if (entry?.dtype !== 'F32') throw new Error(`no f32 tensor named ${name}`);
  const [from, to] = entry.data_offsets;
  return new Float32Array(bytes.slice(8 + headerBytes + from, 8 + headerBytes + to).buffer);
}
