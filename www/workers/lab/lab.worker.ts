// The lab worker's door: hears requests, answers them between two slices of training, and says when the engine broke.
import { load, type Engine } from 'danlu';
import type { FromWorkerOf, RequestOf, ToWorkerOf } from '../client.ts';
import { fetchDigits } from '../digits.ts';
import { failureOf } from '../failure.ts';
import { Shelf } from './data.ts';
import { Lab } from './lab.ts';
import type { LabCalls, LabEvent } from './protocol.ts';

const scope = self as unknown as {
  name: string;
  postMessage(message: FromWorkerOf<LabCalls, LabEvent>, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorkerOf<LabCalls>>) => void) | null;
};

// A message to ourselves comes after what the page has said by then, and is slowed neither by a
// hidden tab nor by the 4 ms that timers are held to.
const turn = new MessageChannel();
let turnAsked = false;
const engines = new Map<boolean, Promise<Engine>>();
const cancelled = new Set<number>();
/** Requests are answered one after another: a start that fetches its data holds back a pause that was said after it. */
let last = Promise.resolve();

function engineFor(exact: boolean): Promise<Engine> {
  let engine = engines.get(exact);
  if (!engine) {
    engine = exact ? load({ variant: 'simd' }) : load();
    engines.set(exact, engine);
    engine.catch(() => engines.delete(exact)); // The next request tries again.
  }
  return engine;
}

function say(message: FromWorkerOf<LabCalls, LabEvent>, transfer: Transferable[] = []) {
  scope.postMessage(message, transfer);
}

// The page's own address reaches the worker as its name.
const lab = new Lab(engineFor, new Shelf(() => fetchDigits(scope.name)), say);

function askTurn() {
  if (turnAsked) return;
  turnAsked = true;
  turn.port2.postMessage(null);
}

turn.port1.onmessage = () => {
  turnAsked = false;
  try {
    if (lab.busy) lab.advance();
  } catch (error) {
    say({ kind: 'broken', failure: { ...failureOf(error), fatal: true } });
    return;
  }
  if (lab.busy) askTurn();
};

async function answer(request: RequestOf<LabCalls>) {
  if (cancelled.delete(request.id)) return;
  try {
    const [given, transfer] = await lab.perform(request);
    say({ kind: 'answer', id: request.id, answer: given }, transfer);
  } catch (error) {
    say({ kind: 'refusal', id: request.id, failure: failureOf(error) });
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
