// Every run of www/exercises/runs.toml is one that the lab can open and the engine can train on the page's digits.
import { readFileSync } from 'node:fs';
import { load } from 'danlu';
import { parse } from 'smol-toml';
import { expect, it } from 'vitest';
import { readAddress } from '../../src/lab/address.ts';
import { addressOf, specOf, type NamedRun } from '../../src/lab/exercise-run.ts';
import { wantedBy } from '../../src/lab/finetune-address.ts';
import { askedBy, usual } from '../../src/lab/language/settings.ts';
import * as precision from '../../src/lab/precision/settings.ts';
import { settingsOf as planeSettings, usual as planeUsual } from '../../src/lab/plane/settings.ts';
import { presetNames } from '../../src/lab/presets.ts';
import { describe } from './describe.ts';
import type { Dataset } from './protocol.ts';

const runs = parse(readFileSync(new URL('../../exercises/runs.toml', import.meta.url), 'utf8')) as unknown as Record<string, NamedRun>;
const rooms = [...readFileSync(new URL('../../src/pages/lab/rooms.ts', import.meta.url), 'utf8').matchAll(/\{ id: '([\w-]+)'/g)].map((match) => match[1]);
const nothing = { count: 2000, x: new Float32Array(), labels: new Uint32Array() };
const digits: Dataset = {
  ref: { name: 'digits' },
  shape: [28, 28, 1],
  classes: Array.from({ length: 10 }, (_, at) => String(at)),
  train: nothing,
  heldOut: nothing,
};

it('opens and describes each run that an exercise names', async () => {
  const engine = await load({ variant: 'simd' });
  expect(Object.keys(runs).length).toBeGreaterThan(10);
  for (const [name, run] of Object.entries(runs)) {
    if (run.room !== undefined) {
      expect(rooms, name).toContain(run.room);
      const { room, query } = await addressOf(run);
      expect(room).toBe(run.room);
      if (room === 'language') expect(askedBy(query), name).toEqual({ settings: { ...usual, ...run.settings }, section: run.section, refused: [] });
      else if (room === 'finetune') expect(wantedBy(query), name).toEqual({ section: run.section, task: run.settings?.task });
      else if (room === 'precision') expect(precision.askedBy(query), name).toEqual({ settings: { ...precision.usual, ...run.settings }, section: run.section, refused: [] });
      else if (room === 'plane') expect(planeSettings(query, planeUsual).refused, name).toEqual([]);
      else expect(query.size, name).toBe(0);
      continue;
    }
    if (run.model !== undefined) expect(presetNames, name).toContain(run.model);
    const { problem } = describe(engine, specOf(run), digits);
    expect(problem, name).toBeNull();
    expect(await readAddress((await addressOf(run)).query.get('spec')!), name).toEqual({ spec: specOf(run) });
  }
  const wrong = { ...specOf({ model: 'article' }), strategy: { epochs: 1, optimizer: { type: 'sgd', momentum: 2 } as const } };
  expect(describe(engine, wrong, digits).problem).not.toBeNull();
});
