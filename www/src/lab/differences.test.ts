import { expect, it } from 'vitest';
import { differences, shortPath } from './differences.ts';
import { curvesCsv, runsCsv } from './export.ts';
import { knobIds, knobs, sweep } from './knobs.ts';
import { initialSpec, preset } from './presets.ts';
import { emptyCurves, type RunRecord } from './records.ts';
import type { LabSpec } from './spec.ts';

const spec = initialSpec();
const record = (change: Partial<RunRecord>): RunRecord => ({
  id: 'a', number: 1, name: '', note: '', spec, began: 0, state: 'complete', step: 250, steps_per_epoch: 250, total_steps: 250, parameters: 10, elapsed_ms: 1500,
  samples_per_s: 1, curves: emptyCurves(), ...change,
});

it('specs differ in what was turned, and in nothing else', () => {
  expect(differences([spec, spec])).toEqual([]);
  expect(differences([spec, { ...spec, seed: 2 }])).toEqual([{ path: 'seed', values: ['1', '2'] }]);
  const [, second] = sweep(spec, 'learning-rate', [0.001, 0.01]);
  expect(differences([spec, second!])).toEqual([{ path: 'strategy.optimizer.learning_rate', values: ['0.001', '0.01'] }]);
  const named: LabSpec = { ...spec, strategy: { ...spec.strategy, optimizer: 'adam' } };
  expect(differences([named, { ...spec, strategy: { ...spec.strategy, optimizer: { type: 'adam' } } }])).toEqual([]);
  expect(shortPath('strategy.optimizer.learning_rate')).toBe('learning_rate');
  expect(shortPath('strategy.optimizer.type')).toBe('optimizer');
  expect(shortPath('model.layers[2].rate')).toBe('layers[2].rate');
});

it('one field turned in every layer is one difference', () => {
  const [first, second] = sweep(spec, 'init', ['he_normal', 'zeros']);
  expect(differences([first!, second!])).toEqual([{ path: 'model.layers[*].init', values: ['he_normal', 'zeros'] }]);
  expect(shortPath('model.layers[*].init')).toBe('init');
});

it('every knob reads what it wrote', () => {
  const full: LabSpec = { ...spec, model: preset('vgg'), data: { name: 'mine', hash: 'h', prepare: { heldOut: 0.2, seed: 1, scale: 'unit' } } };
  for (const id of knobIds) {
    for (const value of knobs[id].values) {
      expect(knobs[id].read(knobs[id].write(full, value)), `${id} ${value}`).toBe(value);
    }
  }
  expect(knobs.dropout.read(spec)).toBeUndefined();
  expect(knobs.scale.read(spec)).toBeUndefined();
});

it('a table for other programs quotes what needs it and names the differences', () => {
  const other = record({ id: 'b', number: 2, note: 'a, "b"', spec: { ...spec, seed: 7 } });
  const [head, first, second] = runsCsv([record({}), other], ({ number }) => `#${number}`).split('\r\n');
  expect(head).toContain(',seconds,seed,note,');
  expect(first).toContain('#1,complete,1,10,,,,1.50,1,,');
  expect(second).toContain(',7,"a, ""b""",');
  const curves = emptyCurves();
  curves.heldOut = { step: [250], loss: [0.5], accuracy: [0.9] };
  expect(curvesCsv([record({ curves })], () => 'x').split('\r\n')[1]).toBe('x,held-out,250,1,0.5,0.9,');
});
