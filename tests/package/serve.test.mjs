// The server behind `make serve`: types, headers, compression, and nothing outside its folder.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createStaticServer } from '../../pkg-config/serve.mjs';

const PAGE = `<!doctype html><title>page</title>${'<p>words</p>'.repeat(200)}`;
let outside, server, origin;

before(async () => {
  outside = mkdtempSync(join(tmpdir(), 'danlu-'));
  const root = join(outside, 'site');
  mkdirSync(join(root, 'sub'), { recursive: true });
  writeFileSync(join(outside, 'secret.txt'), 'secret');
  writeFileSync(join(root, 'index.html'), PAGE);
  writeFileSync(join(root, 'sub/index.html'), PAGE);
  writeFileSync(join(root, 'engine.wasm'), new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
  writeFileSync(join(root, 'two words.js'), 'export {};');
  symlinkSync(join(outside, 'secret.txt'), join(root, 'link.txt'));
  server = await createStaticServer(root);
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  origin = `http://127.0.0.1:${server.address().port}`;
});

after(() => {
  server.closeAllConnections();
  server.close();
  rmSync(outside, { recursive: true });
});

/** The status line's code for a path sent as it stands: fetch would tidy it first. */
function statusOf(path) {
  return new Promise((answered, failed) => {
    const socket = connect(server.address().port, '127.0.0.1');
    socket.on('error', failed);
    socket.once('data', (data) => {
      answered(Number(String(data).split(' ')[1]));
      socket.destroy();
    });
    socket.write(`GET ${path} HTTP/1.1\r\nHost: here\r\n\r\n`);
  });
}

test('files come with their types and the headers that isolate the page', async () => {
  const types = { '': 'text/html', 'sub/': 'text/html', 'engine.wasm': 'application/wasm', 'two%20words.js': 'text/javascript' };
  for (const [path, type] of Object.entries(types)) {
    const response = await fetch(`${origin}/${path}?v=1`);
    assert.equal(response.status, 200, path);
    assert.equal(response.headers.get('Content-Type').split(';')[0], type);
    assert.equal(response.headers.get('Cross-Origin-Opener-Policy'), 'same-origin');
    assert.equal(response.headers.get('Cross-Origin-Embedder-Policy'), 'require-corp');
    assert.equal(response.headers.get('Cross-Origin-Resource-Policy'), 'same-origin');
  }
});

test('text is compressed as the browser asks, and an unchanged file is not sent again', async () => {
  for (const encoding of ['br', 'gzip']) {
    const response = await fetch(origin, { headers: { 'Accept-Encoding': encoding } });
    assert.equal(response.headers.get('Content-Encoding'), encoding);
    assert.equal(await response.text(), PAGE);
    const again = await fetch(origin, {
      headers: { 'Accept-Encoding': encoding, 'If-None-Match': response.headers.get('ETag') },
    });
    assert.equal(again.status, 304);
  }
  const plain = await fetch(origin, { headers: { 'Accept-Encoding': 'identity' } });
  assert.equal(plain.headers.get('Content-Encoding'), null);
});

test('nothing outside the folder is read, by whatever path', async () => {
  const paths = ['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/sub/../../secret.txt', '//secret.txt', '/link.txt', '/%00', '/%', '/none'];
  for (const path of paths) assert.equal(await statusOf(path), 404, path);
});

test('only reading is allowed', async () => {
  const response = await fetch(origin, { method: 'POST', body: 'x' });
  assert.equal(response.status, 405);
  const head = await fetch(origin, { method: 'HEAD' });
  assert.equal(head.status, 200);
  assert.equal(await head.text(), '');
});
