// The language worker's door: hears requests, answers them between two slices of training, and says when the engine broke.
import { load, type Engine } from 'danlu';
import type { FromWorkerOf, RequestOf, ToWorkerOf } from '../client.ts';
import { failureOf } from '../failure.ts';
import { Language } from './language.ts';
import type { LanguageCalls, LanguageEvent } from './protocol.ts';

const scope = self as unknown as {
  postMessage(message: FromWorkerOf<LanguageCalls, LanguageEvent>): void;
  onmessage: ((event: MessageEvent<ToWorkerOf<LanguageCalls>>) => void) | null;
};

// A message to ourselves comes after what the page has said by then, and a hidden tab doesn't slow it.
const turn = new MessageChannel();
let turnAsked = false;
let engine: Promise<Engine> | undefined;
let last = Promise.resolve();
const cancelled = new Set<number>();

function engineOnce(): Promise<Engine> {
  engine ??= load().catch((error) => {
    engine = undefined; // The next request tries again.
    throw error;
  });
  return engine;
}

const language = new Language(engineOnce, (event) => scope.postMessage(event));

function askTurn() {
  if (turnAsked) return;
  turnAsked = true;
  turn.port2.postMessage(null);
}

turn.port1.onmessage = () => {
  turnAsked = false;
  try {
    language.advance();
  } catch (error) {
    scope.postMessage({ kind: 'broken', failure: { ...failureOf(error), fatal: true } });
    return;
  }
  if (language.busy) askTurn();
};

async function answer(request: RequestOf<LanguageCalls>) {
  if (cancelled.delete(request.id)) return;
  try {
    scope.postMessage({ kind: 'answer', id: request.id, answer: await language.perform(request) });
  } catch (error) {
    scope.postMessage({ kind: 'refusal', id: request.id, failure: failureOf(error) });
  }
  askTurn();
}

scope.onmessage = ({ data }) => {
  if (data.kind === 'cancel') {
    cancelled.add(data.id);
    return;
  }
  last = last.then(() => answer(data.request));
};
