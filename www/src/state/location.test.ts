import { expect, it } from 'vitest';
import { formatHash, matchPath, parseHash } from './location.ts';

it('reads a path and a query after the hash', () => {
  const { path, query } = parseHash('#/exercises/stable-softmax/?seed=7');
  expect(path).toBe('/exercises/stable-softmax');
  expect(query.get('seed')).toBe('7');
  expect(parseHash('').path).toBe('/');
});

it('writes what it reads', () => {
  expect(formatHash('/', new URLSearchParams({ seed: '7' }))).toBe('#/?seed=7');
  expect(formatHash('/exercises')).toBe('#/exercises');
});

it('names the parts of a path', () => {
  expect(matchPath('/exercises/:id', '/exercises/conv2d-naive')).toEqual({ id: 'conv2d-naive' });
  expect(matchPath('/exercises/:id', '/exercises')).toBeUndefined();
  expect(matchPath('/exercises/:id', '/exercises/%E0%A4%A')).toBeUndefined();
});
