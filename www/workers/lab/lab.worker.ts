// The lab's worker: an engine for each mode, loaded when a run first wants it.
import { load, type Engine } from 'danlu';
import { fetchDigits } from '../digits.ts';
import { openDoor } from '../door.ts';
import { Shelf } from './data.ts';
import { Lab } from './lab.ts';
import type { LabCalls, LabEvent } from './protocol.ts';

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

// The page's own address reaches the worker as its name.
openDoor<LabCalls, LabEvent>((say) => new Lab(engineFor, new Shelf(() => fetchDigits((self as unknown as { name: string }).name)), say));
