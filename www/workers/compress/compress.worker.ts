// The compression room's worker: one engine, the fastest that the browser has.
import type { Engine } from 'danlu';
import { load } from 'danlu/compression';
import { fetchDigits } from '../digits.ts';
import { openDoor } from '../door.ts';
import { Shelf } from '../lab/data.ts';
import { Compress } from './compress.ts';
import type { CompressCalls, CompressEvent } from './protocol.ts';

let engine: Promise<Engine> | undefined;

function engineOnce(): Promise<Engine> {
  engine ??= load().catch((error) => {
    engine = undefined; // The next request tries again.
    throw error;
  });
  return engine;
}

// The page's own address reaches the worker as its name.
openDoor<CompressCalls, CompressEvent>((say) => {
  const compress = new Compress(engineOnce, new Shelf(() => fetchDigits((self as unknown as { name: string }).name)), say);
  return {
    get busy() {
      return compress.busy;
    },
    advance: () => compress.advance(),
    perform: async (request) => [await compress.perform(request), []],
  };
});
