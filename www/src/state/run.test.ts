import { expect, it } from 'vitest';
import { initialSettings, readSettings, writeSettings, type RunSettings } from './run.ts';

it('an address says the whole run and reads back as the same run', () => {
  const run: RunSettings = { seed: 4294967295, epochs: 20, learning_rate: 3e-4, batch_size: 64, optimizer: 'sgd', augment: true };
  expect(readSettings(writeSettings(run))).toEqual(run);
  expect(readSettings(new URLSearchParams(writeSettings(run).toString()))).toEqual(run);
});

it('the defaults are written too', () => {
  expect(writeSettings(initialSettings()).toString()).toBe('seed=1&epochs=10&lr=0.001&batch=32&optimizer=adam&augment=0');
});

it('what is no value of a setting is passed over', () => {
  const query = new URLSearchParams('seed=-1&epochs=0&lr=NaN&batch=1e3&optimizer=adamw&augment=yes');
  expect(readSettings(query)).toEqual(initialSettings());
});
