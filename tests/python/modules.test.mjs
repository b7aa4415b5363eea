// The page that lists what the modules have is made from them: nothing public is left out, nothing private shows.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { count, describePackages, packageNames } from '../../www/scripts/modules.mjs';

let packages;
before(async () => {
  packages = new Map([...(await describePackages())].map(([name, text]) => [name, JSON.parse(text)]));
});
const member = (path) => {
  const [module, name, inner] = path;
  const found = packages.get(module.split('.')[0]).modules.find((each) => each.name === module)?.members.find((each) => each.name === name);
  return inner === undefined ? found : found?.members.find((each) => each.name === inner);
};

test('every package that a learner imports is described', () => {
  assert.deepEqual([...packages.keys()], packageNames());
  for (const [name, described] of packages) {
    assert.equal(described.name, name);
    assert.ok(count(described) > 20, `${name}: ${count(described)} names`);
  }
});

test('a function shows how it is called and what it does', () => {
  assert.deepEqual(member(['numpy', 'mean']), {
    name: 'mean',
    kind: 'function',
    signature: '(a, axis=None, dtype=None, out=None, keepdims=False, *, where=True)',
    doc: 'The mean along an axis.',
  });
  assert.equal(member(['numpy', 'add']).signature, '(x1, x2, /, out=None, *, where=True, dtype=None)');
  assert.equal(member(['numpy.linalg', 'norm']).kind, 'function');
});

test('a class shows its methods without the object itself, and its properties', () => {
  assert.equal(member(['numpy', 'ndarray', 'mean']).signature, '(axis=None, dtype=None, out=None, keepdims=False, *, where=True)');
  assert.equal(member(['numpy', 'ndarray', 'T']).kind, 'property');
  assert.ok(member(['numpy.random', 'Generator', 'normal']));
});

test('no private name shows, nor what a module only uses', () => {
  const names = (members) => members.flatMap(({ name, members: inner = [] }) => [name, ...names(inner)]);
  for (const { modules } of packages.values()) {
    for (const module of modules) {
      assert.deepEqual(names(module.members).filter((name) => name.startsWith('_')), []);
      assert.ok(!module.name.includes('._'), module.name);
    }
  }
  assert.equal(member(['numpy.testing', 'asarray']), undefined);
});

test('every public function of numpy has its sentence', () => {
  const without = packages
    .get('numpy')
    .modules.flatMap(({ name, members }) => members.filter((each) => each.kind === 'function' && !each.doc).map((each) => `${name}.${each.name}`));
  assert.deepEqual(without, []);
});
