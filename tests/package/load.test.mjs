// Loading: which variant, from where, and what comes of a mistake or a panic.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { DanluError, load, supported } from '../../pkg-config/pkg/index.js';
import { SPEC } from './digits.mjs';

const packageFile = (name) => new URL(`../../pkg-config/pkg/${name}`, import.meta.url);

test('both variants are supported here, the fastest first', () => {
  assert.deepEqual(supported(), ['relaxed', 'simd']);
});

test('each variant loads, and auto takes the first that is supported', async () => {
  for (const variant of supported()) {
    const engine = await load({ variant });
    assert.equal(engine.variant, variant);
    assert.equal(engine.poisoned, false);
    assert.equal(engine.createSession(SPEC, 1).parameterCount, 347146);
  }
  assert.equal((await load()).variant, supported()[0]);
});

test('only the relaxed build has instructions that an older machine refuses', async () => {
  const probe = `
    import { readFileSync } from 'node:fs';
    import { supported } from ${JSON.stringify(packageFile('index.js').href)};
    const valid = (variant) => WebAssembly.validate(readFileSync(
      new URL('danlu_' + variant + '.wasm', ${JSON.stringify(packageFile('').href)})));
    console.log(JSON.stringify([supported(), valid('simd'), valid('relaxed')]));`;
  // NODE_OPTIONS and execArgv are not inherited here: Node 20 lacks relaxed SIMD by default.
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', probe], {
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const [able, simd, relaxed] = JSON.parse(stdout);
  assert.equal(simd, true);
  assert.equal(relaxed, able.includes('relaxed'));
});

/** The maximum that a module declares for its memory, in bytes. */
function maxMemory(wasm) {
  let at = 8;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = wasm[at++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  for (;;) {
    const [section, size] = [wasm[at++], number()];
    if (section !== 5) {
      at += size;
      continue;
    }
    const [memories, flags, least, most] = [number(), number(), number(), number()];
    assert.deepEqual([memories, flags, least < most], [1, 1, true]);
    return most * 65536;
  }
}

test('an engine takes 1 GiB at most', async () => {
  for (const module of ['simd', 'relaxed', 'compression_simd', 'compression_relaxed', 'python']) {
    assert.equal(maxMemory(await readFile(packageFile(`danlu_${module}.wasm`))), 2 ** 30);
  }
});

test('bytes, a module, a response or a promise of them may be given', async () => {
  const bytes = await readFile(packageFile('danlu_simd.wasm'));
  const response = () => new Response(bytes, { headers: { 'Content-Type': 'application/wasm' } });
  const sources = [bytes, await WebAssembly.compile(bytes), Promise.resolve(bytes), async () => bytes, response];
  for (const source of sources) {
    assert.equal((await load({ variant: 'simd', source })).createSession(SPEC, 1).layers().length, 5);
  }
  const missing = () => new Response('', { status: 404 });
  await assert.rejects(load({ variant: 'simd', source: missing }), { code: 'engine_not_found' });
});

test('the glue may be given, as an opaque origin needs it', async () => {
  let asked;
  const glue = (variant) => {
    asked = variant;
    return import(packageFile(`danlu_${variant}.js`).href);
  };
  const source = () => readFile(packageFile('danlu_simd.wasm'));
  assert.equal((await load({ variant: 'simd', source, glue })).poisoned, false);
  assert.equal(asked, 'simd');
});

test('an unknown variant is refused by name', async () => {
  await assert.rejects(load({ variant: 'avx' }), {
    name: 'DanluError',
    code: 'invalid_argument',
    fields: { place: 'load', argument: 'variant', expected: 'auto | relaxed | simd', got: 'avx' },
  });
});

test('a panic comes out as engine_panic, ends its engine and no other', async () => {
  const engine = await load();
  const other = await load();
  const session = engine.createSession(SPEC, 1);
  const panic = () => engine.guard(() => engine.raw.panic('the furnace cracked'));
  assert.throws(panic, (error) => {
    assert.ok(error instanceof DanluError);
    assert.equal(error.code, 'engine_panic');
    assert.match(error.fields.message, /the furnace cracked/);
    return true;
  });
  assert.equal(engine.poisoned, true);
  assert.throws(() => session.layers(), { code: 'engine_panic' });
  assert.throws(() => engine.createSession(SPEC, 1), { code: 'engine_panic' });
  session.free();
  assert.equal(other.createSession(SPEC, 1).layers().length, 5);
});
