// What the lab's worker holds between requests: engines, data, and the one run.
import type { Engine } from 'danlu';
import type { AnswerOf, RequestOf } from '../client.ts';
import { Refused } from '../failure.ts';
import { summaryOf, type Shelf } from './data.ts';
import { describe } from './describe.ts';
import type { Description, LabAnswer, LabAsk, LabCalls, LabEvent, LabSpec } from './protocol.ts';
import { findRate } from './find-rate.ts';
import { Inspector, transfersOf } from './inspector.ts';
import { Run } from './run.ts';

type Answered = [answer: AnswerOf<LabCalls>, transfer: Transferable[]];

export class Lab {
  #run: Run | undefined;
  #inspect: Inspector | undefined;
  #view: { layer: string | null; sample: number } | undefined;

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
      case 'own':
        return this.#done(this.shelf.own(request.ask.own));
      case 'start':
        return [await this.#start(request.ask), []];
      case 'findRate': {
        const { spec, ...range } = request.ask;
        const engine = await this.engineFor(spec.exact);
        const pairs = await findRate(engine, spec, await this.shelf.find(spec.data, engine), range);
        return [pairs, [pairs.buffer]];
      }
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
      case 'watch': {
        this.#view = request.ask.view ?? undefined;
        if (this.#run) this.#attach(this.#run);
        return this.#done();
      }
      case 'open':
        if (this.#run?.busy) throw new Refused('run_busy');
        return [await this.#start({ ...request.ask, from: { weights: request.ask.weights }, paused: true }), []];
      case 'snapshot': {
        const snapshot = this.#inspector().snapshot(request.ask);
        return [snapshot, transfersOf(snapshot)];
      }
      case 'judged':
        return [this.#inspector().judged(), []];
      case 'samples':
        return [this.#inspector().samples(request.ask), []];
      case 'embedding':
        return [this.#inspector().embedding(request.ask.limit), []];
      case 'gradCam':
        return [this.#inspector().gradCam(request.ask), []];
      case 'weights': {
        const weights = new Uint8Array(this.#required().session.getWeights());
        return [weights, [weights.buffer]];
      }
      case 'checkpoint': {
        const run = this.#required();
        run.settle();
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
    this.#inspect = new Inspector(engine, this.#run, spec);
    this.#attach(this.#run);
    return this.#run.started();
  }

  #attach(run: Run) {
    const view = this.#view;
    run.watcher = view && (() => {
      const snapshot = this.#inspector().snapshot(view);
      this.say({ kind: 'snapshot', run: run.name, snapshot }, transfersOf(snapshot));
    });
  }

  #inspector(): Inspector {
    if (!this.#inspect || !this.#run) throw new Refused('no_run');
    return this.#inspect;
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

  #done(_?: void): Answered {
    return [null, []];
  }
}
