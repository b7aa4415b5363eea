import { expect, it } from 'vitest';
import { experimentOf, experiments, jobOf, queryOf, askedBy, settingsOf, usual, type Experiment, type Settings } from './settings.ts';

it('the usual needs no words, and whatever differs comes back', () => {
  expect(queryOf(usual).toString()).toBe('');
  const settings: Settings = { ...usual, network: 'deep', rate: 3e-5, weight: -20, master: false, ways: ['f32', 'bf16'], x: '1+2^-11', seed: 4294967295 };
  expect(askedBy(new URLSearchParams(queryOf(settings).toString()))).toEqual({ settings, section: undefined, refused: [] });
  expect(askedBy(queryOf(usual, 'overflow'))).toEqual({ settings: usual, section: 'overflow', refused: [] });
});

it('what an address says wrongly is the usual, and is told', () => {
  const query = new URLSearchParams('network=resnet&steps=1e9&ways=f32 f64&x=abc&rate=-1&colour=red&seed=7&section=attic&interval=-3');
  const { settings, refused } = askedBy(query);
  expect(settings).toEqual({ ...usual, seed: 7 });
  expect(refused.map(({ name }) => name)).toEqual(['network', 'steps', 'rate', 'colour', 'interval', 'section', 'x', 'ways']);
});

it('experiments are known by their settings, whatever the seed', () => {
  for (const name of Object.keys(experiments) as Experiment[]) expect(experimentOf(settingsOf(name, { ...usual, seed: 9, x: '3' }))).toBe(name);
  expect(experimentOf({ ...usual, rate: 0.01 })).toBeNull();
  expect(jobOf(settingsOf('tiny', usual))).toMatchObject({ network: 'deep', weight: 2 ** -20, optimizer: 'adam' });
});
