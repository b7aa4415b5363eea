import { expect, it } from 'vitest';
import { pack } from '../state/share.ts';
import { usual } from './finetune-settings.ts';
import { readSettings, wantedBy, writeSettings, type Shared } from './finetune-address.ts';

const shared: Shared = {
  settings: { perClass: 10, units: 64, batch_size: 16, seed: 7, norms: 'moving', cached: false, scratchRate: 0.001, lora: { rank: 2, alpha: 3, open: 1, rate: 0.01 }, stages: [{ open: 0, epochs: 3, rate: 0.01 }, { open: 2, epochs: 1, rate: 1e-5 }] },
  task: { kind: 'own', data: { name: 'mine', hash: 'abc', prepare: { heldOut: 0.2, seed: 1, scale: 'unit', classes: [0, 2] } } },
  seeds: 3,
};

it('settings come back from their address', async () => {
  expect(await readSettings(await writeSettings(shared))).toEqual(shared);
  expect(await readSettings(await writeSettings({ ...shared, task: { kind: 'paper' } }))).toMatchObject({ task: { kind: 'paper' } });
});

it('an address that is cut, of another version, or asks for too much is none', async () => {
  const text = await writeSettings(shared);
  expect(await readSettings(text.slice(0, -9))).toBeNull();
  expect(await readSettings(text.replace('1.', '2.'))).toBeNull();
  expect(await readSettings('')).toBeNull();
  const wrong = async (part: object) => readSettings(`1.${await pack(JSON.stringify({ ...shared, settings: { ...shared.settings, ...part } }))}`);
  for (const part of [{ perClass: 0 }, { units: 1e9 }, { stages: [] }, { stages: [{ open: 0, epochs: 0.5, rate: 1 }] }, { norms: 'odd' }, { scratchRate: '1' }, { cached: 1 }, { lora: null }, { lora: { ...shared.settings.lora, rank: 65 } }, { lora: { ...shared.settings.lora, alpha: 0 } }]) expect(await wrong(part), JSON.stringify(part)).toBeNull();
  expect(await wrong({})).toEqual(shared);
  // As an address was before there was LoRA.
  expect((await wrong({ lora: undefined }))?.settings.lora).toEqual(usual.lora);
  const data = { name: 'mine', hash: 'abc', prepare: { heldOut: 2, seed: 1, scale: 'unit' } };
  expect(await readSettings(`1.${await pack(JSON.stringify({ ...shared, task: { kind: 'own', data } }))}`)).toBeNull();
});

it('a link may lead to a section and choose a task; what there is not is left out', () => {
  expect(wantedBy(new URLSearchParams('section=lora&task=paper'))).toEqual({ section: 'lora', task: 'paper' });
  expect(wantedBy(new URLSearchParams('section=moon&task=own'))).toEqual({ section: undefined, task: undefined });
});
