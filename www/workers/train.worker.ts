// The training worker: the engine and the page's digits, made ready when the page first asks for anything.
import { load } from 'danlu';
import type { RequestOf } from './client.ts';
import { fetchDigits, splitDigits } from './digits.ts';
import { openDoor, type Behind, type Say } from './door.ts';
import type { Answer, CallName, Calls, WorkerEvent } from './protocol.ts';
import { Trainer } from './trainer.ts';

class FirstPage implements Behind<Calls> {
  #trainer: Trainer | undefined;
  #preparing: Promise<Trainer> | undefined;

  constructor(private readonly say: Say<Calls, WorkerEvent>) {}

  get busy(): boolean {
    return this.#trainer?.busy ?? false;
  }

  advance() {
    this.#trainer?.advance();
  }

  async perform(request: RequestOf<Calls>): Promise<[Answer<CallName>, Transferable[]]> {
    this.#preparing ??= this.#prepare();
    const answer = performOn(await this.#preparing, request);
    return [answer, transferables(answer)];
  }

  async #prepare(): Promise<Trainer> {
    try {
      // The page's own address reaches the worker as its name.
      const [engine, [images, labels]] = await Promise.all([load(), fetchDigits((self as unknown as { name: string }).name)]);
      this.#trainer = new Trainer(engine, splitDigits(engine, images, labels), this.say);
      return this.#trainer;
    } catch (error) {
      this.#preparing = undefined; // The next request tries again.
      throw error;
    }
  }
}

function performOn(trainer: Trainer, request: RequestOf<Calls>): Answer<CallName> {
  switch (request.call) {
    case 'prepare':
      return trainer.prepared();
    case 'start':
      return trainer.start(request.ask);
    case 'pause':
      return trainer.pause();
    case 'resume':
      return trainer.resume();
    case 'stop':
      return trainer.stop();
    case 'extend':
      return trainer.extend(request.ask);
    case 'restore':
      return trainer.restore(request.ask);
    case 'look':
      return trainer.look(request.ask);
    case 'guesses':
      return trainer.guesses();
    case 'mistakes':
      return trainer.mistakes(request.ask);
    case 'sample':
      return trainer.sample(request.ask);
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

openDoor<Calls, WorkerEvent>((say) => new FirstPage(say));
