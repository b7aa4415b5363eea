// The room's model, trained for real on a small text: what is said of its embedding is so.
import { load, type Engine } from 'danlu';
import { beforeAll, expect, it, vi } from 'vitest';
import type { RequestOf } from '../client.ts';
import { compare, neighbours } from './embedding.ts';
import { Language } from './language.ts';
import type { LanguageCalls, LanguageEvent, LanguageProgress, Settings, Started } from './protocol.ts';

vi.setConfig({ testTimeout: 60_000 });

let engine: Engine;
beforeAll(async () => void (engine = await load({ variant: 'simd' })));

const text = '炉火纯青，炼丹不易。Why does the fire burn? The furnace is hot, the fire is slow.\n'.repeat(24);
const settings: Settings = { tokeniser: 'bpe', vocabulary: 300, positions: 'learned', context: 16, width: 16, heads: 2, blocks: 1, batch_size: 2, learning_rate: 0.003, steps: 40, seed: 3 };

function setUp(change: Partial<Settings> = {}) {
  const events: LanguageEvent[] = [];
  const language = new Language(async () => engine, (event) => events.push(event), () => 0);
  const ask = async <K extends keyof LanguageCalls>(call: K, asked: LanguageCalls[K]['ask']) =>
    (await language.perform({ id: 1, call, ask: asked } as unknown as RequestOf<LanguageCalls>)) as LanguageCalls[K]['answer'];
  const losses = () => events.filter((event): event is LanguageProgress => event.kind === 'progress').flatMap(({ training_points }) => [...training_points]);
  return { language, ask, losses, events, start: () => ask('start', { settings: { ...settings, ...change }, text }) };
}

/** The clock stands still, so a slice would not end by itself before the run does. */
async function trained(change: Partial<Settings> = {}) {
  const set = setUp(change);
  const started = await set.start();
  set.language.advance();
  return { ...set, started };
}

it('says bytes a token of what the loss is measured on', async () => {
  for (const [change, least, most] of [[{}, 1.05, 12], [{ tokeniser: 'characters' }, 1.2, 1.6]] as const) {
    const { started, events } = await trained(change);
    expect(started.bytes_per_token.train).toBeGreaterThan(least);
    expect(started.bytes_per_token.train).toBeLessThan(most);
    expect(started.bytes_per_token.held_out).toBeGreaterThan(least);
    expect(started.blind_loss).toBeCloseTo(Math.log(started.vocabulary.length), 6);
    expect(events.at(-1)).toEqual({ kind: 'finished' });
  }
});

it('reads the rows that the product with one-hots gives, bit for bit', async () => {
  const { ask, started } = await trained();
  expect(await ask('lookup', {})).toEqual({ tokens: 32, rows: started.vocabulary.length, width: 16, gather_ms: 0, one_hot_ms: 0, product_ms: 0, difference: 0 });
});

it('a step moves the rows of its tokens, and by what Adam remembers, others', async () => {
  const { ask, started } = await trained();
  const touched = await ask('touch', { turn: 1 });
  const { distinct, movers, rows } = touched;
  expect(touched.tokens).toBe(32);
  expect(distinct).toBeGreaterThan(3);
  expect(touched.with_gradient).toBe(distinct);
  expect(rows.filter((row) => row === 2)).toHaveLength(distinct);
  const [run, fresh, decayed, sgd] = movers;
  expect(run).toMatchObject({ name: 'run', in_batch: distinct });
  expect(run!.elsewhere).toBeGreaterThan(0);
  expect(rows.filter((row) => row === 1)).toHaveLength(run!.elsewhere);
  expect(run!.elsewhere).toBeLessThan(started.vocabulary.length - distinct);
  expect(fresh).toEqual({ name: 'fresh', in_batch: distinct, elsewhere: 0 });
  expect(decayed).toEqual({ name: 'decayed', in_batch: distinct, elsewhere: started.vocabulary.length - distinct });
  expect(sgd).toEqual({ name: 'sgd', in_batch: distinct, elsewhere: 0 });
});

it('adds the gradients of a token’s places', async () => {
  const { ask } = await trained();
  const { repeats } = await ask('touch', { turn: 1 });
  expect(repeats.places).toBe(16);
  expect(repeats.distinct).toBeLessThan(16);
  expect(repeats.largest).toBeGreaterThan(1e-4);
  expect(repeats.difference).toBeLessThan(1e-6 * repeats.largest + 1e-9);
  expect(repeats.missed).toBeGreaterThan(0.01);
  expect(repeats.examples[0]!.times).toBeGreaterThan(1);
});

it('compares a sum with what one write for each place would leave', () => {
  const places = Float32Array.of(1, 0, 0, 2, 3, 0);
  expect(compare(Float32Array.of(1, 0, 1), Float32Array.of(0, 2, 4, 0), places, 2, ['a', 'b'])).toEqual({
    places: 3,
    distinct: 2,
    difference: 0,
    largest: 4,
    missed: Math.sqrt(1 / 20),
    examples: [{ label: 'b', times: 2, sum: 4, last: 3 }],
  });
  expect(compare(Float32Array.of(1, 0, 1), Float32Array.of(0, 2, 3, 0), places, 2, ['a', 'b'])).toMatchObject({ difference: 1, missed: 0 });
});

it('looking changes nothing of the training after it', async () => {
  const [plain, looked] = [setUp(), setUp()];
  for (const set of [plain, looked]) await set.start();
  await looked.ask('touch', { turn: 4 });
  await looked.ask('lookup', {});
  for (const set of [plain, looked]) set.language.advance();
  await looked.ask('touch', { turn: 5 });
  expect(looked.losses()).toEqual(plain.losses());
  expect((await looked.ask('near', { text: 'fire' }))!).toEqual((await plain.ask('near', { text: 'fire' }))!);
});

it('finds neighbours by cosine among tokens that were seen', () => {
  const table = { values: Float32Array.of(1, 0, 2, 0.2, 0, 1, -1, 0, 5, 0), rows: 5, width: 2 };
  const found = neighbours(table, 0, Uint32Array.of(9, 9, 9, 9, 2), ['a', 'b', 'c', 'd', 'e'], 3);
  expect(found.map(({ label, cosine }) => [label, Number(cosine.toFixed(3))])).toEqual([['b', 0.995], ['c', 0], ['d', -1]]);
});

it('a token’s neighbours are asked by text', async () => {
  const { ask, started } = await trained();
  const answer = (await ask('near', { text: ' the furnace' }))!;
  expect(started.vocabulary[answer.token]).toBe(answer.label);
  expect(answer.near.every(({ times }, at) => times >= 10 && (at === 0 || answer.near[at - 1]!.cosine >= answer.near[at]!.cosine))).toBe(true);
  expect(answer.near).toHaveLength(8);
  expect(await ask('near', { text: '' })).toBeNull();
});

it('samples and attends with tokens, bytes that are no character told', async () => {
  const { ask } = await trained();
  const sampled = await ask('sample', { prompt: '炉火', temperature: 1, top_k: 0, top_p: 1, length: 60, seed: 2, cached: true });
  const whole = await ask('sample', { prompt: '炉火', temperature: 1, top_k: 0, top_p: 1, length: 60, seed: 2, cached: false });
  expect(sampled.tokens).toHaveLength(60);
  expect(whole.tokens).toEqual(sampled.tokens);
  expect(sampled.unknown).toEqual([]);
  expect(sampled.broken > 0).toBe(sampled.text.includes('\ufffd'));
  const { tokens, maps } = await ask('attend', { text: '丹炉 fire' });
  expect(tokens.join('')).toMatch(/fire$/);
  expect(maps[0]!.shares).toHaveLength(maps[0]!.heads * tokens.length ** 2);
});

it('learns merges without a model', async () => {
  const learnt = await setUp().ask('learn', { text, size: 280 });
  expect(learnt.pairs).toHaveLength(24);
  expect(learnt.lengths).toHaveLength(25);
  expect(learnt.held_out_lengths).toHaveLength(25);
  expect(learnt.held_out_lengths[24]!).toBeLessThan(learnt.held_out_lengths[0]!);
  expect(learnt.characters.train + learnt.characters.held_out).toBe([...text].length);
  expect((await trained({ vocabulary: 280 })).started satisfies Started).toMatchObject({ train: learnt.lengths[24], held_out: learnt.held_out_lengths[24] });
});
