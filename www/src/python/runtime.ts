/** One Python runtime as the page sees it: requests and their replies, until it dies. */
import type { FromRuntime, Reply, Request, Role, ToRuntime } from '../../workers/python.protocol';
import type { OutputChunk } from './types';

/** The way to one worker, in the sandbox or in Node's threads. */
export interface Channel {
  post(message: ToRuntime): void;
  /** Asks Python to stop; only where the worker says that it can be asked. */
  interrupt(): void;
  terminate(): void;
  onMessage?: (message: FromRuntime) => void;
  onDeath?: (text: string) => void;
}

export interface Spawner {
  spawn(role: Role): Channel;
  dispose(): void;
}

/** `ended`: somebody here terminated it · `fatal`: it broke by itself. */
export class RuntimeDied extends Error {
  constructor(
    readonly reason: 'ended' | 'fatal',
    text: string,
  ) {
    super(text);
    this.name = 'RuntimeDied';
  }
}

/** How long the learner's code may go on after it was asked to stop. */
const STOPS_WITHIN_MS = 300;

export class Runtime {
  readonly started: Promise<void>;
  onOutput: ((chunk: OutputChunk) => void) | null = null;
  #channel: Channel;
  #death: RuntimeDied | null = null;
  #interruptible = false;
  #stopping: ReturnType<typeof setTimeout> | undefined;
  #nextId = 0;
  #waiting = new Map<number, { resolve: (reply: Reply) => void; reject: (error: Error) => void }>();
  #start!: { resolve: () => void; reject: (error: Error) => void };

  constructor(spawner: Spawner, role: Role) {
    this.started = new Promise((resolve, reject) => (this.#start = { resolve, reject }));
    // Whoever needs the runtime awaits it; a spare may die unheard.
    this.started.catch(() => {});
    this.#channel = spawner.spawn(role);
    this.#channel.onMessage = (message) => this.#receive(message);
    this.#channel.onDeath = (text) => this.#die('fatal', text);
  }

  get dead(): boolean {
    return this.#death !== null;
  }

  request<T extends Reply>(request: Request): Promise<T> {
    if (this.#death) return Promise.reject(this.#death);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (reply: Reply) => void, reject });
      this.#channel.post({ id, request });
    });
  }

  /** Ends what it was asked for, and itself only if there is no other way: its next request needs no new start. */
  stop(): void {
    if (this.#death || this.#waiting.size === 0) return;
    if (!this.#interruptible) {
      this.end();
      return;
    }
    this.#channel.interrupt();
    this.#stopping ??= setTimeout(() => this.end(), STOPS_WITHIN_MS);
  }

  end(): void {
    this.#die('ended', 'the runtime was ended');
  }

  #receive(message: FromRuntime) {
    if (this.#death) return;
    if (message.type === 'output') {
      const stream = message.stream === 'stderr' ? 'stderr' : 'stdout';
      this.onOutput?.({ stream, text: String(message.text) });
    } else if (message.type === 'figure') {
      this.onOutput?.({ stream: 'figure', drawing: String(message.drawing) });
    } else if (message.type === 'progress') {
      this.onOutput?.({ stream: 'progress', progress: String(message.progress) });
    } else if (message.type === 'started') {
      this.#interruptible = message.interruptible === true;
      this.#start.resolve();
    } else if (message.type === 'fatal') {
      this.#die('fatal', message.text);
    } else {
      this.#waiting.get(message.id)?.resolve(message.reply);
      this.#waiting.delete(message.id);
      if (this.#waiting.size === 0) this.#rest();
    }
  }

  #rest() {
    clearTimeout(this.#stopping);
    this.#stopping = undefined;
  }

  #die(reason: 'ended' | 'fatal', text: string) {
    if (this.#death) return;
    this.#death = new RuntimeDied(reason, text);
    this.#rest();
    this.#channel.terminate();
    this.#start.reject(this.#death);
    for (const { reject } of this.#waiting.values()) reject(this.#death);
    this.#waiting.clear();
  }
}
