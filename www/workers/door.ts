// A worker's door: hears requests and answers them one after another, between two slices of training.
import type { FromWorkerOf, RequestOf, ToWorkerOf } from './client.ts';
import { failureOf } from './failure.ts';

/** What works behind the door. */
export interface Behind<C> {
  readonly busy: boolean;
  /** One slice of what takes long; the next one waits for its end. */
  advance(): void | Promise<void>;
  perform(request: RequestOf<C>): Promise<readonly [answer: C[keyof C] extends { answer: infer A } ? A : never, transfer: Transferable[]]>;
}

export type Say<C, E> = (message: FromWorkerOf<C, E>, transfer?: Transferable[]) => void;

/** Opens the door of this worker to what `open` makes; that may say events of its own. */
export function openDoor<C, E>(open: (say: Say<C, E>) => Behind<C>): void {
  const scope = self as unknown as {
    postMessage(message: FromWorkerOf<C, E>, transfer: Transferable[]): void;
    onmessage: ((event: MessageEvent<ToWorkerOf<C>>) => void) | null;
  };
  const say: Say<C, E> = (message, transfer = []) => scope.postMessage(message, transfer);
  const behind = open(say);
  // A message to ourselves comes after what the page has said by then, and is slowed neither by a
  // hidden tab nor by the 4 ms that timers are held to.
  const turn = new MessageChannel();
  let turnAsked = false;
  const cancelled = new Set<number>();
  /** Requests are answered one after another: a start that fetches its data holds back a pause that was said after it. */
  let last = Promise.resolve();

  function askTurn() {
    if (turnAsked) return;
    turnAsked = true;
    turn.port2.postMessage(null);
  }

  turn.port1.onmessage = async () => {
    try {
      if (behind.busy) await behind.advance();
    } catch (error) {
      say({ kind: 'broken', failure: { ...failureOf(error), fatal: true } });
      return;
    } finally {
      turnAsked = false;
    }
    if (behind.busy) askTurn();
  };

  async function answer(request: RequestOf<C>) {
    if (cancelled.delete(request.id)) return;
    try {
      const [given, transfer] = await behind.perform(request);
      say({ kind: 'answer', id: request.id, answer: given } as unknown as FromWorkerOf<C, E>, transfer);
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
}
