// A real base, aligned for real: gradients held to differences of the losses, rewards to what chance could do.
import { load, type Engine, type Session } from 'danlu';
import { beforeAll, describe, expect, it } from 'vitest';
import { runSpec } from '../language/model.ts';
import { generator } from '../language/random.ts';
import { tensorsOf } from '../safetensors.ts';
import { groundOf, learn, type Ground } from './ground.ts';
import { dpo, grpo, weightsOf } from './objectives.ts';
import { Preference } from './preference.ts';
import type { BaseSettings, DpoSettings, GrpoSettings, PreferenceEvent, Report, Trial } from './protocol.ts';
import { answers, batchOf, logProbs, predict, sums, type Batch } from './rollout.ts';

const settings: BaseSettings = { text: 'en', width: 32, blocks: 1, steps: 150, seed: 1 };
const grpoSettings: GrpoSettings = { type: 'grpo', group: 8, prompts: 4, steps: 15, updates: 2, learning_rate: 0.001, clip: 0.2, beta: 0.05, seed: 1 };
const dpoSettings: DpoSettings = { type: 'dpo', pairs: 64, batch_size: 16, steps: 20, learning_rate: 0.0005, beta: 0.1, seed: 1 };

let engine: Engine;
let ground: Ground;
beforeAll(async () => {
  engine = await load({ variant: 'simd' });
  ground = groundOf(engine, settings).ground;
  for (const turn of learn(ground, () => {})) void turn;
}, 60_000);

describe('what a model thinks of an answer', () => {
  it('is the same by the cache, token by token, and by the whole sequence', () => {
    const decoder = ground.base.decoder();
    const list = answers(decoder, ground.tongue, ground.prompts.train[0]!, 3, generator(5));
    const batch = batchOf(ground.tongue, list);
    const whole = sums(logProbs(predict(ground.base, batch, ground.tongue.classes), batch), batch);
    list.forEach(({ prompt, tokens }, at) => {
      decoder.truncate(0);
      let after = new Float32Array() as Float32Array;
      for (const token of ground.tongue.prompt(prompt)) after = decoder.step(token);
      let logp = 0;
      tokens.forEach((token, place) => {
        logp += Math.log(after[token]!);
        if (place + 1 < tokens.length) after = decoder.step(token);
      });
      expect(whole[at]).toBeCloseTo(logp, 3);
    });
    decoder.free();
  });
});

/** Weights, all of them after one another. */
function flat(session: Session): Float64Array {
  const all = [...tensorsOf(session.getWeights()).values()].flatMap(({ values }) => [...values]);
  return Float64Array.from(all);
}

/**
 * A step of plain SGD moves weights by −rate·g, and a loss by −rate·|g|² where g is its gradient: of any other direction
 * of that length it falls less.
 */
function expectGradient(batch: Batch, loss: (logp: Float64Array) => { loss: number; dlogp: Float64Array }) {
  const rate = 2e-3;
  const spec = runSpec({ context: batch.rows, width: settings.width, heads: 4, blocks: settings.blocks, batch_size: batch.answers, learning_rate: rate, steps: 1 }, ground.tongue.classes);
  const session = engine.createSession({ ...spec, optimizer: { type: 'sgd', learning_rate: rate }, schedule: 'constant' }, 1);
  session.setWeights(ground.base.getWeights());
  const now = () => loss(logProbs(predict(session, batch, ground.tongue.classes), batch));
  const [before, first] = [now(), flat(session)];
  session.trainBatchWeighed(batch.x, batch.next, weightsOf(before.dlogp));
  const moved = flat(session).reduce((sum, value, at) => sum + (value - first[at]!) ** 2, 0);
  const fell = before.loss - now().loss;
  expect(moved).toBeGreaterThan(0);
  expect(fell / (moved / rate)).toBeGreaterThan(0.9);
  expect(fell / (moved / rate)).toBeLessThan(1.1);
  session.free();
}

describe('weights of tokens give the network the gradient of the loss', () => {
  const written = () => {
    const decoder = ground.base.decoder();
    const random = generator(7);
    const list = ground.prompts.train.slice(0, 4).flatMap((prompt) => answers(decoder, ground.tongue, prompt, 2, random));
    decoder.free();
    return batchOf(ground.tongue, list);
  };
  /** What another model might have said: log-probabilities a little beside the base's. */
  const beside = (batch: Batch, seed: number, spread: number) => {
    const random = generator(seed);
    return logProbs(predict(ground.base, batch, ground.tongue.classes), batch).map((logp, at) => (batch.mask[at] ? logp + spread * (random() - 0.5) : 0));
  };

  it('of GRPO, off policy and with KL', () => {
    const batch = written();
    const [old, ref] = [beside(batch, 1, 0.5), beside(batch, 2, 1)];
    const advantage = [1.3, -0.4, 0.2, -1.1, 0.8, -0.8, 1.7, -1.7];
    expectGradient(batch, (logp) => grpo({ logp, old, ref, mask: batch.mask, rows: batch.rows, advantage, clip: 0.2, beta: 0.3 }));
  });

  it('of DPO', () => {
    const batch = written();
    const ref = sums(beside(batch, 3, 0.5), batch);
    expectGradient(batch, (logp) => {
      const own = sums(logp, batch);
      const parts = dpo({ chosen: own.subarray(0, 4), rejected: own.subarray(4), refChosen: ref.subarray(0, 4), refRejected: ref.subarray(4), beta: 0.5 });
      const each = [...parts.dchosen, ...parts.drejected];
      return { loss: parts.loss, dlogp: Float64Array.from(batch.mask, (one, at) => (one ? each[Math.floor(at / batch.rows)]! : 0)) };
    });
  });
});

describe('the room’s worker', () => {
  type Of<K extends PreferenceEvent['kind']> = Extract<PreferenceEvent, { kind: K }>;
  const said: PreferenceEvent[] = [];
  const heard = <K extends PreferenceEvent['kind']>(kind: K) => said.filter((event): event is Of<K> => event.kind === kind);
  const preference = new Preference(async () => engine, (event) => said.push(event));
  const run = async (...trials: Trial[]) => {
    said.length = 0;
    await preference.perform({ id: 2, call: 'align', ask: { trials } });
    while (preference.busy) preference.advance();
  };
  const line = (name: string) => heard('progress').flatMap(({ lines }) => (lines[name] ?? []).filter((_, at) => at % 2 === 1));
  beforeAll(async () => {
    await preference.perform({ id: 1, call: 'start', ask: { settings } });
    while (preference.busy) preference.advance();
    expect(heard('ready')[0]!.loss).toBeLessThan(1.3);
  }, 60_000);
  const by = (kind: Trial['rule']['kind'], method: Trial['method'], word = ''): Trial => ({ id: 1, rule: { kind, word }, method });

  it('raises the reward by GRPO far beyond chance, clips, and leaves the base as it was', async () => {
    await run(by('happy', grpoSettings));
    const [{ base }] = heard('began') as [{ base: Report } & Of<'began'>];
    const [{ report }] = heard('ended') as [Of<'ended'>];
    expect(report.reward - base.reward).toBeGreaterThan(5 * Math.hypot(base.error, report.error));
    expect(base.kl).toBe(0);
    expect(report.kl).toBeGreaterThan(0.05);
    // Where no step is taken between sampling and an update, every ratio is 1 and nothing is clipped.
    const clipped = line('clipped');
    expect(Math.max(...clipped)).toBeGreaterThan(0);
    const { group } = heard('progress').at(-1)!;
    expect(group!.answers.reduce((sum, { advantage }) => sum + advantage, 0)).toBeCloseTo(0, 6);
    await run(by('happy', { ...grpoSettings, steps: 2, updates: 1 }));
    expect(line('clipped')).toEqual([0, 0]);
    expect(heard('began')[0]!.base).toEqual(base);
  }, 60_000);

  it('stays nearer to the reference with β, which costs reward', async () => {
    await run(by('count', { ...grpoSettings, beta: 0 }, 'tea'), { ...by('count', { ...grpoSettings, beta: 1 }, 'tea'), id: 2 });
    const [free, held] = heard('ended').map(({ report }) => report) as [Report, Report];
    expect(free.kl).toBeGreaterThan(2 * held.kl);
    expect(free.reward).toBeGreaterThan(held.reward);
  }, 60_000);

  it('teaches pairs by DPO: margins of pairs kept back grow, and the reward with them', async () => {
    await run(by('happy', dpoSettings));
    expect(heard('pairs')[0]).toMatchObject({ train: 64, heldOut: 64 });
    const margins = line('keptMargin');
    expect(margins[0]).toBe(0);
    expect(margins.at(-1)).toBeGreaterThan(0.1);
    expect(line('accuracy')[0]).toBe(0.5);
    expect(line('accuracy').at(-1)).toBeGreaterThan(0.8);
    const [{ base }] = heard('began') as [Of<'began'>];
    const [{ report }] = heard('ended') as [Of<'ended'>];
    expect(report.reward - base.reward).toBeGreaterThan(3 * Math.hypot(base.error, report.error));
  }, 60_000);

  it('says so where no two answers differ under a rule, and goes on with the next trial', async () => {
    await run(by('count', { ...dpoSettings, pairs: 8 }, 'zebra'), { ...by('happy', { ...dpoSettings, steps: 1 }), id: 2 });
    expect(heard('refused')[0]).toMatchObject({ trial: 1, failure: { code: 'preference_no_pairs', fatal: false } });
    expect(heard('ended')[0]).toMatchObject({ trial: 2 });
  }, 60_000);

  it('stops between slices and says how far it came', async () => {
    said.length = 0;
    await preference.perform({ id: 2, call: 'align', ask: { trials: [by('happy', { ...grpoSettings, steps: 500 }), { ...by('happy', grpoSettings), id: 2 }] } });
    for (let turn = 0; turn < 8; turn++) preference.advance();
    await preference.perform({ id: 3, call: 'stop', ask: {} });
    while (preference.busy) preference.advance();
    expect(heard('ended')).toMatchObject([{ trial: 1, stopped: true }]);
    expect(heard('progress').at(-1)!.step).toBeLessThan(500);
    expect(heard('idle')).toHaveLength(1);
  }, 60_000);
});

it('wants a base first', async () => {
  const preference = new Preference(async () => engine, () => {});
  await expect(preference.perform({ id: 1, call: 'align', ask: { trials: [] } })).rejects.toMatchObject({ code: 'no_run' });
});
