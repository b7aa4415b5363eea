// The worker of the room of one's own data: reads, counts, shows; the page never holds a set's samples.
import { load, type Engine } from 'danlu';
import type { AnswerOf, RequestOf } from '../client.ts';
import { openDoor } from '../door.ts';
import { Refused } from '../failure.ts';
import type { Raw } from './arrays.ts';
import { readFiles } from './files.ts';
import { hashOf } from './hash.ts';
import { withKnownNames } from './known.ts';
import { aboutOf, collected, npzOf, sheetOf } from './held.ts';
import { figuresOf, sidesOf, type OwnData } from './own.ts';
import type { DataCalls, DataProgress, Reading, Skipped, Split } from './protocol.ts';
import { drawShapes, shapeSide } from './shapes.ts';

const tellEvery_ms = 60;

let splitter: Promise<Engine> | undefined;

openDoor<DataCalls, DataProgress>((say) => {
  let held: OwnData | undefined;
  let toldAt_ms = -Infinity;

  function tell(done: number, all: number, file: string) {
    if (performance.now() - toldAt_ms < tellEvery_ms && done < all) return;
    toldAt_ms = performance.now();
    say({ kind: 'reading', done, all, file });
  }

  async function hold(name: string, raw: Raw, skipped: Skipped[] = []): Promise<Reading> {
    held = withKnownNames({ ...raw, name, hash: await hashOf(raw) });
    return { about: aboutOf(held), skipped };
  }

  function required(): OwnData {
    if (!held) throw new Refused('data_nothing', {});
    return held;
  }

  async function perform(request: RequestOf<DataCalls>): Promise<AnswerOf<DataCalls>> {
    switch (request.call) {
      case 'read': {
        // An engine of its own: its memory has grown by what it has read, and goes with it.
        const { raw, skipped, name } = await readFiles(request.ask.files, request.ask.pictures, await load({ variant: 'simd' }), tell);
        return hold(name, raw, skipped);
      }
      case 'shapes': {
        const { name, classes, perClass, seed } = request.ask;
        const drawn = drawShapes(perClass, seed);
        return hold(name, { ...drawn, classes, shape: [shapeSide, shapeSide, 1], testFrom: drawn.labels.length });
      }
      case 'collect':
        return hold(request.ask.name, collected(request.ask));
      case 'hold':
        held = request.ask.own;
        return aboutOf(held);
      case 'take':
        return required();
      case 'sheet':
        return sheetOf(required(), request.ask);
      case 'split': {
        const own = required();
        const { prepare, limit } = request.ask;
        const { train, heldOut, renumbered, classes } = sidesOf(own, prepare, limit, await (splitter ??= load({ variant: 'simd' })));
        const counts = (samples: Uint32Array) => {
          const of = classes.map(() => 0);
          for (const at of samples) of[renumbered[own.labels[at]!]!]! += 1;
          return of;
        };
        const split: Split = { train: counts(train), heldOut: counts(heldOut), classes, figures: figuresOf(own, train) };
        return split;
      }
      case 'npz':
        return npzOf(request.ask.own);
    }
  }

  return {
    busy: false,
    advance: () => {},
    perform: async (request) => {
      const answer = await perform(request);
      return [answer, answer instanceof Uint8Array ? [answer.buffer] : []] as const;
    },
  };
});
