// The study of positions: an engine of its own, so that the room's model can be asked meanwhile.
import { load, type Engine } from 'danlu';
import { openDoor } from '../door.ts';
import { PositionsStudy } from './positions.ts';
import type { PositionsCalls, PositionsEvent } from './positions.protocol.ts';

let engine: Promise<Engine> | undefined;

function engineOnce(): Promise<Engine> {
  engine ??= load().catch((error) => {
    engine = undefined; // The next request tries again.
    throw error;
  });
  return engine;
}

openDoor<PositionsCalls, PositionsEvent>((say) => {
  const study = new PositionsStudy(engineOnce, say);
  return {
    get busy() {
      return study.busy;
    },
    advance: () => study.advance(),
    perform: async (request) => [await study.perform(request), []],
  };
});
