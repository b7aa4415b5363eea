import { expect, test } from 'vitest';
import { alongPath, choose, readFilters, writeFilters } from './filters.ts';
import type { ExerciseSummary, Path } from './format.ts';

const summary = (id: string, topic: string, difficulty: string) =>
  ({ id, topic, difficulty, title: { zh: '', en: id }, search: { words: id, pinyin: '' } }) as ExerciseSummary;
const all = [summary('one-hot', 'tensors', 'E'), summary('softmax', 'losses', 'E'), summary('conv', 'cnn', 'M')];
const known = { solved: new Set(['softmax']), starred: new Set(['conv']) };
const ids = (query: string) => choose(all, readFilters(new URLSearchParams(query)), known).map(({ id }) => id);

test('each filter narrows the list, and together they narrow further', () => {
  expect(ids('')).toEqual(['one-hot', 'softmax', 'conv']);
  expect(ids('difficulty=E')).toEqual(['one-hot', 'softmax']);
  expect(ids('difficulty=E&state=todo')).toEqual(['one-hot']);
  expect(ids('state=solved')).toEqual(['softmax']);
  expect(ids('state=starred&topic=cnn')).toEqual(['conv']);
  expect(ids('q=so')).toEqual(['softmax']);
});

test('the address keeps the choice, and nonsense in it chooses nothing', () => {
  const address = 'q=soft+max&topic=losses&state=todo&path=llm-round';
  expect(writeFilters(readFilters(new URLSearchParams(address))).toString()).toBe(address);
  expect(writeFilters(readFilters(new URLSearchParams('topic=magic&difficulty=Z'))).toString()).toBe('');
});

test('a path has its own order and passes over what is not there', () => {
  const path = { exercises: ['conv', 'later', 'one-hot'] } as Path;
  expect(alongPath(all, path).map(({ id }) => id)).toEqual(['conv', 'one-hot']);
});
