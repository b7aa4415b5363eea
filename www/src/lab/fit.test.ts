import { expect, it } from 'vitest';
import { withData } from './fit.ts';
import { initialSpec, preset } from './presets.ts';
import type { Chain } from './spec.ts';

const ref = { name: 'mine', hash: 'h' };

it('a model that fits stays, layer by layer', () => {
  const spec = { ...initialSpec(), model: { ...(preset('article') as Chain), layers: [{ type: 'flatten' as const }, { type: 'dense' as const, units: 10, activation: 'softmax' as const }] } };
  expect(withData(spec, ref, [28, 28, 1], 10)).toEqual({ ...spec, data: ref });
});

it('a preset is made anew for the shape and the classes', () => {
  expect(withData({ ...initialSpec(), model: preset('lenet') }, ref, [32, 32, 3], 4).model).toEqual(preset('lenet', [32, 32, 3], 4));
  const own = { ...initialSpec(), model: { input: [28, 28, 1], layers: [{ type: 'flatten' as const }, { type: 'dense' as const, units: 10 }] } };
  expect(withData(own, ref, [64, 64, 3], 2).model).toEqual(preset('article', [64, 64, 3], 2));
});

it('rows of features get dense layers, and are never shifted or turned', () => {
  const spec = initialSpec();
  const fitted = withData({ ...spec, strategy: { ...spec.strategy, augment: { shift: 2, rotate_deg: 0, zoom: 0 } } }, ref, [4], 3);
  expect((fitted.model as Chain).layers.map(({ type }) => type)).toEqual(['dense', 'dense', 'dense']);
  expect(fitted.strategy.augment).toBeUndefined();
  expect(withData(fitted, { name: 'digits' }, [28, 28, 1], 10).model).toEqual(preset('article'));
});
