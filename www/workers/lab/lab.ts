// What the lab's worker holds between requests: engines, data, and the one run.
import type { Engine } from 'danlu';
import type { AnswerOf, RequestOf } from '../client.ts';
import { Refused } from '../failure.ts';
import { summaryOf, type Shelf } from './data.ts';
import { describe } from './describe.ts';
import type { Description, LabAnswer, LabAsk, LabCalls, LabEvent, LabSpec } from './protocol.ts';
import { Run } from './run.ts';

type Answered = [answer: AnswerOf<LabCalls>, transfer: Transferable[]];

export class Lab {
  #run: Run | undefined;

  constructor(
    private readonly engineFor: (exact: boolean) => Promise<Engine>,
    private readonly shelf: Shelf,
    private readonly say: (event: LabEvent, transfer: Transferable[]) => void,
  ) {}

  get busy(): boolean {
    return this.#run?.busy ?? false;
  }

  advance() {
    this.#run?.advance();
  }

  async perform(request: RequestOf<LabCalls>): Promise<Answered> {
    switch (request.call) {
      case 'describe':
        return [await this.#describe(request.ask.spec), []];
      case 'data':
        return [summaryOf(await this.shelf.find(request.ask.ref, await this.engineFor(true))), []];
      case 'give':
        return [this.shelf.give(request.ask.dataset), []];
      case 'start':
        return [await this.#start(request.ask), []];
      case 'pause':
        return this.#done(this.#required().pause());
      case 'resume':
        return this.#done(this.#required().resume());
      case 'step':
        return this.#done(this.#required().stepOn(request.ask.steps));
      case 'stop':
        return this.#done(this.#required().stop());
      case 'extend':
        return this.#done(this.#required().extend(request.ask.epochs));
      case 'trainable':
        return this.#done(this.#required().session.setTrainable(request.ask.layer, request.ask.trainable));
      case 'weights': {
        const weights = new Uint8Array(this.#required().session.getWeights());
        return [weights, [weights.buffer]];
      }
      case 'checkpoint': {
        const run = this.#required();
        const bytes = new Uint8Array(run.session.checkpoint());
        return [{ bytes, step: run.step }, [bytes.buffer]];
      }
    }
  }

  async #start({ run, spec, from, paused = false }: LabAsk<'start'>): Promise<LabAnswer<'start'>> {
    const engine = await this.engineFor(spec.exact);
    const data = await this.shelf.find(spec.data, engine);
    this.#run?.free();
    this.#run = undefined;
    this.#run = new Run(engine, run, spec, data, from, paused, this.say);
    return this.#run.started();
  }

  async #describe(spec: LabSpec): Promise<Description> {
    const engine = await this.engineFor(spec.exact);
    const data = await this.shelf.find(spec.data, engine).catch((error: unknown) => {
      if (error instanceof Refused) return undefined;
      throw error;
    });
    return describe(engine, spec, data);
  }

  #required(): Run {
    if (!this.#run) throw new Refused('no_run');
    return this.#run;
  }

  #done(_: void): Answered {
    return [null, []];
  }
}
