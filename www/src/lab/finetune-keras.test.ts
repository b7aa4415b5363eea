import { expect, it } from 'vitest';
import { kerasProgram, type Asked } from './finetune-keras.ts';

const asked: Asked = {
  settings: {
    perClass: 10, units: 64, batch_size: 16, seed: 1, norms: 'still', cached: true, scratchRate: 0.001, lora: { rank: 4, alpha: 8, open: 2, rate: 0.003 },
    stages: [{ open: 0, epochs: 10, rate: 0.01 }, { open: 1, epochs: 5, rate: 0.001 }, { open: 2, epochs: 3, rate: 0.0001 }],
  },
  classes: 5,
  blocks: [{ layers: ['a'] }, { layers: ['b', 'c'] }],
  vgg16: false,
  side: 28,
};
const count = (text: string, part: string) => text.split(part).length - 1;

it('a stage is compiled anew with its rate, and opens what it says', () => {
  const program = kerasProgram(asked);
  expect(count(program, 'model.compile(')).toBe(3);
  expect([...program.matchAll(/Adam\(([\d.]+)\).*?epochs=(\d+)/gs)].map((match) => [match[1], match[2]])).toEqual([['0.01', '10'], ['0.001', '5'], ['0.0001', '3']]);
  expect(program.indexOf('base.trainable = False')).toBeLessThan(program.indexOf('model.compile('));
  // The second stage opens the last block, the third the whole base; norms stay frozen in both.
  expect(count(program, 'base.get_layer("b")')).toBe(1);
  expect(count(program, 'layers.BatchNormalization')).toBe(2);
});

it('VGG16 comes from Keras, and has no norms to freeze', () => {
  const program = kerasProgram({ ...asked, vgg16: true, side: 48 });
  expect(program).toContain('keras.applications.VGG16(weights="imagenet", include_top=False, input_shape=(48, 48, 3))');
  expect(program).not.toContain('BatchNormalization');
});
