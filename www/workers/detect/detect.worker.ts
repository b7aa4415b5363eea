// The detection room's worker: loads the engine when something is first asked.
import { load, type Engine } from 'danlu';
import { fetchDigits } from '../digits.ts';
import { openDoor } from '../door.ts';
import { Detect } from './detect.ts';
import type { DetectCalls, DetectEvent } from './protocol.ts';

// The page's own address reaches the worker as its name.
const page = (self as unknown as { name: string }).name;
let engine: Promise<Engine> | undefined;

function loaded(): Promise<Engine> {
  engine ??= load();
  engine.catch(() => (engine = undefined)); // The next request tries again.
  return engine;
}

openDoor<DetectCalls, DetectEvent>((say) => {
  const detect = new Detect(loaded, () => fetchDigits(page), say);
  return {
    get busy() {
      return detect.busy;
    },
    advance: () => detect.advance(),
    perform: async (request) => [await detect.perform(request), []],
  };
});
