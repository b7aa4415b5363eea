// The worker of the room of the plane: one engine. `simd` gives the same bits in every browser, so that a link shows
// each reader the same training.
import { load, type Engine } from 'danlu';
import { openDoor } from '../door.ts';
import { Plane } from './plane.ts';
import type { PlaneCalls, PlaneEvent } from './protocol.ts';

let engine: Promise<Engine> | undefined;

function engineOnce(): Promise<Engine> {
  engine ??= load({ variant: 'simd' }).catch((error) => {
    engine = undefined; // The next request tries again.
    throw error;
  });
  return engine;
}

openDoor<PlaneCalls, PlaneEvent>((say) => {
  const plane = new Plane(engineOnce, say);
  return {
    get busy() {
      return plane.busy;
    },
    advance: () => plane.advance(),
    perform: async (request) => [await plane.perform(request), []],
  };
});
