// What a network's weights are, to the bit, and what of them has moved.
import { fileOf, type Tensor } from '../safetensors.ts';

export type Weights = Map<string, Tensor>;

/** SHA-256 of the weights as a file; null where the browser has no hashes for this page. */
export async function hashOf(weights: Weights): Promise<string | null> {
  return hashOfBytes(fileOf(weights));
}

export async function hashOfBytes(bytes: Uint8Array<ArrayBuffer>): Promise<string | null> {
  if (!globalThis.crypto?.subtle) return null;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export const isStatistic = (name: string): boolean => /\/moving_(mean|variance)$/.test(name);

/** How many numbers are not the same bits in both; of weights, and of batch norms' statistics. */
export function movedBetween(before: Weights, after: Weights): { weights: number; statistics: number } {
  const moved = { weights: 0, statistics: 0 };
  for (const [name, { values }] of before) {
    const was = new Uint32Array(values.buffer, values.byteOffset, values.length);
    const now = after.get(name)!.values;
    const is = new Uint32Array(now.buffer, now.byteOffset, now.length);
    let count = 0;
    for (let at = 0; at < was.length; at += 1) if (was[at] !== is[at]) count += 1;
    moved[isStatistic(name) ? 'statistics' : 'weights'] += count;
  }
  return moved;
}

export function copyOf(weights: Weights): Weights {
  return new Map([...weights].map(([name, { shape, values }]) => [name, { shape, values: values.slice() }]));
}
