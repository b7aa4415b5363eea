// One worker of the room: a network of its own, the shards that it is given, and its end of the all-reduce.
//
// A step is a transaction. Gradients change nothing that the run remembers; only the update does, once the whole sum is
// there. So a step can be given up and begun anew with other workers: it is done by a replica whole or not at all.
import type { Engine, Session } from 'danlu';
import type { AnswerOf, RequestOf } from '../client.ts';
import { failureOf, Refused } from '../failure.ts';
import { Abandoned, type Numbers } from './link.ts';
import { activities, type Activity, type Arrived, type Complaint, type Job, type Opened, type ParallelCalls, type Place, type Progress } from './protocol.ts';
import { AllReduce } from './reduce.ts';
import type { Broken } from '../protocol.ts';

export interface Samples {
  x: Float32Array;
  labels: Uint32Array;
}

type Answer = AnswerOf<ParallelCalls>;
const sayEvery_ms = 100;

/** One clock for all workers of the page. */
const clock = () => performance.timeOrigin + performance.now();

export class Member {
  #session: Session | undefined;
  #job: Job | undefined;
  #place: Place | undefined;
  #reduce: AllReduce | undefined;
  #values: Numbers = new Float64Array(0);
  #step = 0;
  /** Changes whenever what was under way is given up. */
  #term = 0;
  #running: Promise<void> = Promise.resolve();
  #watch: ReturnType<typeof setInterval> | undefined;

  #segments: number[] = [];
  #scores: number[] = [];
  #steps = 0;
  #said_ms = 0;
  #told = { sent: 0, received: 0 };
  #activity: Activity | undefined;
  #since_ms = 0;

  constructor(
    private readonly engine: (grid: boolean) => Promise<Engine>,
    private readonly data: (engine: Engine, limit: number) => Promise<{ train: Samples; heldOut: Samples }>,
    private readonly say: (event: Progress | Arrived | Complaint | Broken, transfer?: Transferable[]) => void,
  ) {}

  async perform(request: RequestOf<ParallelCalls>): Promise<readonly [Answer, Transferable[]]> {
    switch (request.call) {
      case 'open':
        return [await this.#open(request.ask), []];
      case 'place':
        await this.#halt();
        this.#take(request.ask);
        return [null, []];
      case 'run':
        this.#begin(request.ask.until);
        return [null, []];
      case 'halt':
        await this.#halt();
        return [{ step: this.#step }, []];
      case 'ping':
        return [{ step: this.#step }, []];
      case 'checkpoint': {
        const bytes = new Uint8Array(this.#required().checkpoint());
        return [{ step: this.#step, bytes }, [bytes.buffer]];
      }
      case 'restore':
        this.#required().restore(request.ask.bytes);
        this.#step = request.ask.step;
        return [null, []];
      case 'weights': {
        const bytes = new Uint8Array(this.#required().getWeights());
        return [bytes, [bytes.buffer]];
      }
      case 'evaluate': {
        const { loss, accuracy } = this.#required().evaluate();
        return [{ loss, accuracy }, []];
      }
    }
  }

  /** Ends it as far as it can be ended from within: a test's worker has no thread to terminate. */
  free(): void {
    this.#leave();
    this.#session?.free();
    this.#session = undefined;
  }

  #required(): Session {
    if (!this.#session) throw new Refused('no_run');
    return this.#session;
  }

  async #open(job: Job): Promise<Opened> {
    await this.#halt();
    this.#leave();
    const engine = await this.engine(job.grid);
    const { train, heldOut } = await this.data(engine, job.limit);
    const session = engine.createSession(job.spec, job.seed, { shards: job.shards });
    session.setData('train', train.x, train.labels);
    session.setData('validation', heldOut.x, heldOut.labels);
    this.#session?.free();
    this.#session = session;
    this.#job = job;
    this.#step = 0;
    const numbers = session.flatLength;
    this.#values = job.grid ? new Float64Array(numbers) : new Float32Array(numbers);
    return {
      variant: engine.variant,
      parameters: session.parameterCount,
      numbers,
      train: train.labels.length,
      steps_per_epoch: Math.ceil(train.labels.length / (job.spec.batch_size ?? 32)),
    };
  }

  #take(place: Place): void {
    this.#leave();
    this.#place = place;
    this.#reduce = new AllReduce(place, this.#job!.grid);
    this.#told = { sent: 0, received: 0 };
    let told_ms = 0;
    this.#watch = setInterval(() => {
      const waiting = this.#reduce?.waiting;
      if (!waiting) told_ms = 0;
      else if (waiting.ms > told_ms + place.patience_ms) {
        told_ms = waiting.ms;
        this.say({ kind: 'complaint', about: waiting.name, step: this.#step + 1, waited_ms: waiting.ms });
      }
    }, place.patience_ms / 4);
  }

  #leave(): void {
    clearInterval(this.#watch);
    this.#reduce?.close();
    this.#reduce = undefined;
  }

  async #halt(): Promise<void> {
    this.#term += 1;
    this.#reduce?.close();
    await this.#running;
  }

  #begin(until: number): void {
    if (!this.#reduce) throw new Refused('no_run');
    const term = this.#term;
    this.#running = this.#run(until, term).catch((error: unknown) => {
      if (!(error instanceof Abandoned)) this.say({ kind: 'broken', failure: { ...failureOf(error), fatal: true } });
    });
  }

  async #run(until: number, term: number): Promise<void> {
    const from_ms = clock();
    while (this.#step < until) await this.#trainStep(term);
    const to_ms = clock();
    this.#report();
    const hash = await sha256(this.#session!.getWeights());
    if (term === this.#term) this.say({ kind: 'arrived', step: this.#step, hash, from_ms, to_ms });
  }

  async #trainStep(term: number): Promise<void> {
    const [session, job, place] = [this.#session!, this.#job!, this.#place!];
    const score = { loss: 0, correct: 0, samples: 0 };
    const scored = this.#scores.length;
    const drawn = this.#segments.length;
    try {
      for (const [nth, shard] of place.shards.entries()) {
        this.#turnTo('compute');
        const { loss, correct, samples } = session.addShard(shard, { first: nth === 0, grid: job.grid });
        score.loss += loss;
        score.correct += correct;
        score.samples += samples;
        // Between two shards the page is heard: a worker that computes is not a worker that is lost.
        await turn();
        if (term !== this.#term) throw new Abandoned();
      }
      this.#turnTo('exchange');
      if (place.shards.length > 0) session.writeShardSum(this.#values);
      else this.#values.fill(0);
      await this.#reduce!.run(this.#values, (activity) => this.#turnTo(activity));
      if (term !== this.#term) throw new Abandoned();
    } catch (error) {
      this.#turnTo(undefined);
      this.#segments.length = drawn;
      this.#scores.length = scored;
      throw error;
    }
    this.#turnTo('update');
    session.applyShardSum(this.#values);
    this.#step += 1;
    this.#steps += 1;
    this.#turnTo(undefined);
    this.#scores.push(this.#step, score.loss, score.correct, score.samples);
    if (clock() - this.#said_ms >= sayEvery_ms) this.#report();
  }

  /** Ends the present activity and begins another. */
  #turnTo(next: Activity | undefined): void {
    const now_ms = clock();
    if (this.#activity === next) return;
    if (this.#activity) this.#segments.push(activities.indexOf(this.#activity), this.#since_ms, now_ms, this.#step + (this.#activity === 'update' ? 0 : 1));
    this.#activity = next;
    this.#since_ms = now_ms;
  }

  #report(): void {
    if (this.#steps === 0) return;
    this.#said_ms = clock();
    const [segments, scores] = [Float64Array.from(this.#segments), Float64Array.from(this.#scores)];
    const [sent, received] = [this.#reduce!.sent_bytes, this.#reduce!.received_bytes];
    this.say(
      {
        kind: 'progress',
        step: this.#step,
        segments,
        scores,
        steps: this.#steps,
        sent_bytes: sent - this.#told.sent,
        received_bytes: received - this.#told.received,
      },
      [segments.buffer, scores.buffer],
    );
    this.#told = { sent, received };
    this.#segments = [];
    this.#scores = [];
    this.#steps = 0;
  }
}

async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes)));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Lets other messages be heard. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    turns.push(resolve);
    channel.port2.postMessage(null);
  });
}

const turns: (() => void)[] = [];
const channel = new MessageChannel();
channel.port1.onmessage = () => turns.shift()?.();
// A test's process may end; browsers have no such call.
(channel.port1 as { unref?: () => void }).unref?.();
