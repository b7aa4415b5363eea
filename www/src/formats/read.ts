// What importers share.
import type { RunSpec } from 'danlu';
import { strFromU8 } from 'fflate';
import { malformed } from './failure.ts';
import type { Tensors } from './safetensors.ts';

/** What stands in a network's files before the engine has seen it. */
export interface Network {
  model: RunSpec['model'];
  tensors: Tensors;
  /** Whether the file has images by channel. */
  turned?: boolean;
}

/** JSON within a file; errs with which. */
export function parsed(place: string, bytes: Uint8Array): unknown {
  const text = strFromU8(bytes);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw malformed(place, 0, 'JSON', error instanceof Error ? error.message : text);
  }
}
