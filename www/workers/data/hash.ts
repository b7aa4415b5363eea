// What a data set is known by.
import type { OwnData } from './own.ts';

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const bytesOf = (array: Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  // Browsers hash only for pages loaded over https or from this machine; elsewhere 64 bits must do (Fowler, Noll, Vo).
  if (globalThis.crypto?.subtle) return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
  let [low, high] = [0x811c9dc5, 0x01000193];
  for (const byte of bytes) {
    low = Math.imul(low ^ byte, 0x01000193);
    high = Math.imul(high ^ byte ^ (low >>> 24), 0x01000193);
  }
  return [low, high].map((part) => (part >>> 0).toString(16).padStart(8, '0')).join('');
}

/** Of the contents alone, so that a set is the same under any name. */
export async function hashOf({ shape, values, labels, testFrom }: Omit<OwnData, 'hash' | 'name' | 'classes'>): Promise<string> {
  const head = JSON.stringify({ shape, type: values instanceof Uint8Array ? 'u8' : 'f32', testFrom, values: await digest(bytesOf(values)), labels: await digest(bytesOf(labels)) });
  return digest(new TextEncoder().encode(head));
}
