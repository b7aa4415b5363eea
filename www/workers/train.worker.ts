// The training worker's door: hears requests, answers them between two slices of training, and says when the engine broke.
import { load } from 'danlu';
import { fetchDigits, splitDigits } from './digits.ts';
import { failureOf } from './failure.ts';
import type { Answer, CallName, FromWorker, Request, ToWorker } from './protocol.ts';
import { Trainer } from './trainer.ts';

const scope = self as unknown as {
  name: string;
  postMessage(message: FromWorker, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
};

// A message to ourselves comes after what the page has said by then, and is slowed neither by a
// hidden tab nor by the 4 ms that timers are held to.
const turn = new MessageChannel();
let turnAsked = false;
let trainer: Trainer | undefined;
let preparing: Promise<Trainer> | undefined;
const waiting: Request[] = [];

function say(message: FromWorker, transfer: Transferable[] = []) {
  scope.postMessage(message, transfer);
}

function askTurn() {
  if (turnAsked) return;
  turnAsked = true;
  turn.port2.postMessage(null);
}

/** The page's own address reaches the worker as its name. */
async function prepare(): Promise<Trainer> {
  const [engine, [images, labels]] = await Promise.all([load(), fetchDigits(scope.name)]);
  return new Trainer(engine, splitDigits(engine, images, labels), say);
}

function prepareOnce(): Promise<Trainer> {
  preparing ??= prepare().then(
    (ready) => (trainer = ready),
    (error) => {
      preparing = undefined; // The next request tries again.
      throw error;
    },
  );
  return preparing;
}

function perform(request: Request, on: Trainer): Answer<CallName> {
  switch (request.call) {
    case 'prepare':
      return on.prepared();
    case 'start':
      return on.start(request.ask);
    case 'pause':
      return on.pause();
    case 'resume':
      return on.resume();
    case 'stop':
      return on.stop();
    case 'extend':
      return on.extend(request.ask);
    case 'restore':
      return on.restore(request.ask);
    case 'look':
      return on.look(request.ask);
    case 'guesses':
      return on.guesses();
    case 'mistakes':
      return on.mistakes(request.ask);
    case 'sample':
      return on.sample(request.ask);
  }
}

function transferables(answer: Answer<CallName>): Transferable[] {
  if (answer === null || typeof answer !== 'object') return [];
  if ('probabilities' in answer) {
    const { layers, filters, biases, probabilities } = answer;
    return [...layers.map((layer) => layer.data.buffer), filters.buffer, biases.buffer, probabilities.buffer];
  }
  return [];
}

function answerWaiting(on: Trainer) {
  for (const request of waiting.splice(0)) {
    try {
      const answer = perform(request, on);
      say({ kind: 'answer', id: request.id, answer }, transferables(answer));
    } catch (error) {
      say({ kind: 'refusal', id: request.id, failure: failureOf(error) });
    }
  }
}

turn.port1.onmessage = () => {
  turnAsked = false;
  if (!trainer) return;
  answerWaiting(trainer);
  try {
    if (trainer.busy) trainer.advance();
  } catch (error) {
    say({ kind: 'broken', failure: { ...failureOf(error), fatal: true } });
    return;
  }
  if (trainer.busy) askTurn();
};

scope.onmessage = ({ data }) => {
  if (data.kind === 'cancel') {
    const at = waiting.findIndex((request) => request.id === data.id);
    if (at >= 0) waiting.splice(at, 1);
    return;
  }
  waiting.push(data.request);
  if (trainer) askTurn();
  else prepareOnce().then(askTurn, refuseWaiting);
};

function refuseWaiting(error: unknown) {
  const failure = failureOf(error);
  for (const { id } of waiting.splice(0)) say({ kind: 'refusal', id, failure });
}
