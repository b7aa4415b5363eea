// The fine-tuning room's worker: an engine for each mode, loaded when a base first wants it.
import { load, type Engine } from 'danlu';
import { fetchDigits } from '../digits.ts';
import { openDoor } from '../door.ts';
import { Shelf } from '../lab/data.ts';
import { fetchBase } from './base.ts';
import { Finetune } from './finetune.ts';
import type { FinetuneCalls, FinetuneEvent } from './protocol.ts';

// The page's own address reaches the worker as its name.
const page = (self as unknown as { name: string }).name;
const engines = new Map<boolean, Promise<Engine>>();

function engineFor(exact: boolean): Promise<Engine> {
  let engine = engines.get(exact);
  if (!engine) {
    engine = exact ? load({ variant: 'simd' }) : load();
    engines.set(exact, engine);
    engine.catch(() => engines.delete(exact)); // The next request tries again.
  }
  return engine;
}

openDoor<FinetuneCalls, FinetuneEvent>((say) => {
  const finetune = new Finetune(engineFor, new Shelf(() => fetchDigits(page)), () => fetchBase(page), say);
  return {
    get busy() {
      return finetune.busy;
    },
    advance: () => finetune.advance(),
    perform: async (request) => [await finetune.perform(request), []],
  };
});
