import { expect, test } from 'vitest';
import { countNames, search, type Module } from './format.ts';

const method = { name: 'mean', kind: 'method', signature: '(axis=None)', doc: 'The mean along an axis.' } as const;
const modules: Module[] = [
  {
    name: 'numpy',
    doc: { en: '', zh: '' },
    members: [
      { name: 'add', kind: 'function', signature: '(x1, x2)', doc: 'The sum, element by element.' },
      { name: 'ndarray', kind: 'class', signature: '(shape)', doc: 'An array.', members: [method] },
    ],
  },
  { name: 'numpy.linalg', doc: { en: '', zh: '' }, members: [{ name: 'norm', kind: 'function', signature: '(x)', doc: 'A norm.' }] },
];

const names = (text: string) =>
  search(modules, text).flatMap(({ members }) => members.flatMap(({ name, members: inner = [] }) => [name, ...inner.map((m) => m.name)]));

test('an empty search finds all', () => expect(countNames(search(modules, '  '))).toBe(4));
test('a search looks at names and sentences, whatever the case', () => expect(names('ELEMENT')).toEqual(['add']));
test('every word has to be there', () => expect(names('linalg no')).toEqual(['norm']));
test('a method is found inside its class alone', () => expect(names('mean along')).toEqual(['ndarray', 'mean']));
test('a class that is found keeps all that it has', () => expect(names('an array')).toEqual(['ndarray', 'mean']));
test('a module without a hit is left out', () => expect(search(modules, 'add').map(({ name }) => name)).toEqual(['numpy']));
