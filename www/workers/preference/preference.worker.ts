// The preference room's worker: one engine, loaded when a base first wants it.
import { load, type Engine } from 'danlu';
import { openDoor } from '../door.ts';
import { Preference } from './preference.ts';
import type { PreferenceCalls, PreferenceEvent } from './protocol.ts';

let engine: Promise<Engine> | undefined;

function engineOnce(): Promise<Engine> {
  engine ??= load().catch((error) => {
    engine = undefined; // The next request tries again.
    throw error;
  });
  return engine;
}

openDoor<PreferenceCalls, PreferenceEvent>((say) => {
  const preference = new Preference(engineOnce, say);
  return {
    get busy() {
      return preference.busy;
    },
    advance: () => preference.advance(),
    perform: async (request) => [await preference.perform(request), []],
  };
});
