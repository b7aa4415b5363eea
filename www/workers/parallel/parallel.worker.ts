// A worker of the room of parallel training.
import { load, type Engine } from 'danlu';
import { fetchDigits } from '../digits.ts';
import { openDoor } from '../door.ts';
import { Shelf } from '../lab/data.ts';
import { Member } from './member.ts';
import type { ParallelCalls, ParallelEvent } from './protocol.ts';

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
const shelf = new Shelf(() => fetchDigits((self as unknown as { name: string }).name));

openDoor<ParallelCalls, ParallelEvent>((say) => {
  const member = new Member(engineFor, (engine, limit) => shelf.find({ name: 'digits', limit }, engine), say);
  return { busy: false, advance: () => {}, perform: (request) => member.perform(request) };
});
