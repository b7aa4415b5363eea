// A worker as promises: ask, cancel, and a fresh worker after a crash.
import type { Broken, Calls, Failure, WorkerEvent } from './protocol.ts';

export type RequestOf<C> = { [K in keyof C & string]: { id: number; call: K; ask: C[K] extends { ask: infer A } ? A : never } }[keyof C & string];
export type AnswerOf<C> = { [K in keyof C]: C[K] extends { answer: infer A } ? A : never }[keyof C];
/** `cancel` drops a request that has not been begun; it is then never answered. */
export type ToWorkerOf<C> = { kind: 'request'; request: RequestOf<C> } | { kind: 'cancel'; id: number };
export type FromWorkerOf<C, E> =
  | E
  | Broken
  | { kind: 'answer'; id: number; answer: AnswerOf<C> }
  | { kind: 'refusal'; id: number; failure: Failure };

/** What the client needs of a Worker; a test passes one of its own. */
export interface WorkerPort<C = Calls, E = WorkerEvent> {
  postMessage(message: ToWorkerOf<C>, transfer: Transferable[]): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<FromWorkerOf<C, E>>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  onmessageerror: ((event: MessageEvent) => void) | null;
}

export class WorkerFailure extends Error {
  override name = 'WorkerFailure';

  constructor(readonly failure: Failure) {
    super(failure.code);
  }
}

interface Pending {
  resolve: (answer: never) => void;
  reject: (error: unknown) => void;
  unlisten: () => void;
}

export interface Listeners<E> {
  event: (event: E | Broken) => void;
  /** The worker is gone; the next ask spawns a fresh one, with nothing of the old one's state. */
  crash: (failure: Failure) => void;
}

export class WorkerClient<C extends { [K in keyof C]: { ask: unknown; answer: unknown } }, E extends { kind: string }> {
  #port: WorkerPort<C, E> | undefined;
  #pending = new Map<number, Pending>();
  #nextId = 1;

  constructor(
    private readonly spawn: () => WorkerPort<C, E>,
    private readonly listeners: Listeners<E>,
  ) {}

  /** Rejects with WorkerFailure where the worker refuses or dies, and with the signal's reason where it is cancelled. */
  ask<K extends keyof C & string>(
    call: K,
    ask: C[K]['ask'],
    options: { signal?: AbortSignal; transfer?: Transferable[] } = {},
  ): Promise<C[K]['answer']> {
    const { signal, transfer = [] } = options;
    if (signal?.aborted) return Promise.reject(signal.reason);
    const port = (this.#port ??= this.#open());
    const id = this.#nextId++;
    return new Promise<C[K]['answer']>((resolve, reject) => {
      const cancel = () => {
        if (!this.#take(id)) return;
        port.postMessage({ kind: 'cancel', id }, []);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', cancel, { once: true });
      this.#pending.set(id, { resolve, reject, unlisten: () => signal?.removeEventListener('abort', cancel) });
      port.postMessage({ kind: 'request', request: { id, call, ask } as unknown as RequestOf<C> }, transfer);
    });
  }

  /** Ends the worker at once; everything asked of it is rejected. */
  close() {
    this.#port?.terminate();
    this.#drop({ code: 'worker_closed', fields: {}, fatal: true });
  }

  #open(): WorkerPort<C, E> {
    const port = this.spawn();
    const dead = (detail: string) => {
      if (this.#port !== port) return;
      this.#crash({ code: 'worker_crashed', fields: { detail }, fatal: true });
    };
    port.onmessage = (event) => this.#port === port && this.#receive(event.data);
    port.onerror = (event) => {
      event.preventDefault?.();
      dead(event.message ?? '');
    };
    port.onmessageerror = () => dead('');
    return port;
  }

  #receive(received: FromWorkerOf<C, E>) {
    // The events of one worker are told apart from answers by their kinds, whichever they are.
    const message = received as FromWorkerOf<Calls, WorkerEvent>;
    switch (message.kind) {
      case 'answer':
        this.#take(message.id)?.resolve(message.answer as never);
        return;
      case 'refusal':
        this.#take(message.id)?.reject(new WorkerFailure(message.failure));
        if (message.failure.fatal) this.#crash(message.failure);
        return;
      case 'broken':
        this.listeners.event(message);
        if (message.failure.fatal) this.#crash(message.failure);
        return;
      default:
        this.listeners.event(received as E);
    }
  }

  #crash(failure: Failure) {
    this.#port?.terminate();
    this.#drop(failure);
    this.listeners.crash(failure);
  }

  #drop(failure: Failure) {
    this.#port = undefined;
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject, unlisten } of pending) {
      unlisten();
      reject(new WorkerFailure(failure));
    }
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    if (!pending) return undefined;
    this.#pending.delete(id);
    pending.unlisten();
    return pending;
  }
}

/** The training worker of the home page. */
export class TrainClient extends WorkerClient<Calls, WorkerEvent> {}
