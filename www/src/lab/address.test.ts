import { expect, it } from 'vitest';
import { pack } from '../state/share.ts';
import { readAddress, readSpec, writeAddress } from './address.ts';
import { initialSpec } from './presets.ts';
import type { LabSpec } from './spec.ts';

const spec: LabSpec = {
  ...initialSpec(),
  data: { name: '手写.zip', hash: 'ab12', limit: 500 },
  seed: 2 ** 32 - 1,
  exact: false,
};

it('an address says the whole run and reads back as the same run', async () => {
  const text = await writeAddress(spec);
  expect(new URLSearchParams({ spec: text }).toString()).toBe(`spec=${text}`);
  expect(text.length).toBeLessThan(500);
  expect(await readAddress(text)).toEqual({ spec });
});

it('an address that is damaged, or of a version to come, says so', async () => {
  const text = await writeAddress(spec);
  expect((await readAddress('')).problem?.key).toBe('lab.address-broken');
  expect((await readAddress(`1.${text.slice(9)}`)).problem?.key).toBe('lab.address-broken');
  expect((await readAddress(text.replace(/^1/, '2'))).problem).toEqual({ key: 'lab.address-version', fields: { expected: '1', got: '2' } });
  expect((await readAddress(`1.${await pack('[1')}`)).problem?.key).toBe('lab.address-broken');
});

it('what is no run is told by its place', () => {
  const place = (change: (fields: Record<string, any>) => void) => {
    const fields = structuredClone(spec) as Record<string, any>;
    change(fields);
    const { problem } = readSpec(JSON.stringify(fields));
    return problem?.fields.place ?? problem?.fields.field ?? problem?.key;
  };
  expect(place(() => {})).toBeUndefined();
  expect(place((fields) => delete fields.model)).toBe('model');
  expect(place((fields) => (fields.seed = -1))).toBe('seed');
  expect(place((fields) => (fields.seed = '1'))).toBe('seed');
  expect(place((fields) => (fields.extra = 1))).toBe('spec');
  expect(place((fields) => (fields.model.layers = {}))).toBe('model.layers');
  expect(place((fields) => (fields.model.layers[1] = null))).toBe('model.layers[1]');
  expect(place((fields) => delete fields.model.layers[0].type)).toBe('model.layers[0].type');
  expect(place((fields) => (fields.model.input = [28, 0]))).toBe('model.input');
  expect(place((fields) => (fields.strategy.epochs = 1.5))).toBe('strategy.epochs');
  expect(place((fields) => (fields.strategy.optimizer = { learning_rate: 1 }))).toBe('strategy.optimizer.type');
  expect(place((fields) => (fields.strategy.model = {}))).toBe('strategy');
  expect(place((fields) => (fields.data.limit = 0))).toBe('data.limit');
});

it('how data are split and scaled stands in the address, and only what makes sense is taken from there', async () => {
  const prepare = { heldOut: 0.25, seed: 7, scale: 'standard' as const, classes: [3, 0] };
  const spec = { ...initialSpec(), data: { name: 'mine', hash: 'abc', limit: 50, prepare } };
  expect(await readAddress(await writeAddress(spec))).toEqual({ spec });
  for (const wrong of [{ heldOut: 1 }, { heldOut: 'all' }, { seed: -1 }, { scale: 'twice' }, { classes: [0.5] }, { more: 1 }]) {
    const { problem } = readSpec(JSON.stringify({ ...spec, data: { ...spec.data, prepare: { ...prepare, ...wrong } } }));
    expect(problem?.fields.place, JSON.stringify(wrong)).toMatch(/^data\.prepare/);
  }
});
