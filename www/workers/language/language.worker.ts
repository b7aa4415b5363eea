// The language model's worker: one engine, loaded when a model first wants it.
import { load, type Engine } from 'danlu';
import { openDoor } from '../door.ts';
import { Language } from './language.ts';
import type { LanguageCalls, LanguageEvent } from './protocol.ts';

let engine: Promise<Engine> | undefined;

function engineOnce(): Promise<Engine> {
  engine ??= load().catch((error) => {
    engine = undefined; // The next request tries again.
    throw error;
  });
  return engine;
}

openDoor<LanguageCalls, LanguageEvent>((say) => {
  const language = new Language(engineOnce, say);
  return {
    get busy() {
      return language.busy;
    },
    advance: () => language.advance(),
    perform: async (request) => [await language.perform(request), []],
  };
});
