import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { EXAMPLES, exampleCode } from './examples.ts';

const bare = (code: string) => code.split('\n').filter((line) => !/^\s*#/.test(line)).join('\n');

test('every folder of the playground stands in the menu', () => {
  expect(readdirSync(new URL('../../../playground', import.meta.url)).sort()).toEqual([...EXAMPLES].sort());
});

test.each(EXAMPLES)('%s is the same code in both languages, with comments in each', (id) => {
  const [zh, en] = [exampleCode(id, 'zh'), exampleCode(id, 'en')];
  expect(bare(zh)).toBe(bare(en));
  expect(zh).toMatch(/^# .*\p{Script=Han}/u);
  expect(en).not.toMatch(/\p{Script=Han}/u);
  expect(en.split('\n').length).toBeLessThan(100);
});
