// The page that lists what the modules have is made from them: nothing public is left out, nothing private shows.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { annotate, count, describePackages, packageNames } from '../../www/scripts/modules.mjs';

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

test('what differs, what to take instead and what a module is about stand in both languages', () => {
  const han = /[\u4e00-\u9fff]/;
  for (const described of packages.values()) {
    const complaints = [];
    const { differences } = annotate(described, (text) => complaints.push(text));
    assert.deepEqual(complaints, []);
    for (const { zh } of differences) assert.match(zh, han);
  }
});

test('a note that is lacking, or of which the code says nothing, is told', () => {
  const notes = { differences: { x: [{ en: 'It is slow.', zh: '慢。' }] }, instead: {}, about: {} };
  const described = { name: 'x', differences: ['It is slow.'], missing: [['a', 'x.b']], modules: [{ name: 'x.y', doc: 'x.y.', members: [] }] };
  const told = (changed) => {
    const complaints = [];
    annotate({ ...described, ...changed }, (text) => complaints.push(text), notes);
    return complaints.length;
  };
  assert.equal(told({}), 0);
  assert.equal(told({ differences: ['It is fast.'] }), 2);
  assert.equal(told({ missing: [['a', 'a loop']] }), 1);
  assert.equal(told({ modules: [{ name: 'x.y', doc: 'Why.', members: [] }] }), 1);
});
