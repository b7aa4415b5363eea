// The two kinds of host that the built page must run from.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, resolve } from 'node:path';
// @ts-expect-error plain JavaScript, the server behind `make serve`.
import { createStaticServer } from '../../pkg-config/serve.mjs';

export const dist = resolve(import.meta.dirname, '../../www/dist');

export interface Host {
  /** Ends with a slash. */
  url: string;
  close: () => Promise<void>;
}

async function listen(server: Server, path = '/'): Promise<Host> {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${path}`,
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections();
        server.close(() => closed());
      }),
  };
}

/** What `make serve` serves: the page at the root, cross-origin isolated. */
export async function isolatedHost(): Promise<Host> {
  if (!existsSync(join(dist, 'index.html'))) throw new Error('www/dist is missing: run `make site` first');
  return listen(await createStaticServer(dist));
}

const types: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.mjs': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/**
 * A plain static host under a sub-path, without the headers that isolate a page: GitHub Pages, for one.
 * `edit` may change what it sends of a file.
 */
export async function plainHost(path = '/some/where/', edit = (_file: string, bytes: Buffer): Buffer | string => bytes): Promise<Host> {
  const server = createServer((request, response) => {
    const asked = decodeURIComponent(new URL(request.url ?? '/', 'http://host').pathname);
    if (!asked.startsWith(path) || asked.includes('..')) {
      response.writeHead(404).end();
      return;
    }
    const name = asked.slice(path.length) || 'index.html';
    const type = types[extname(name)] ?? 'application/octet-stream';
    readFile(join(dist, name)).then(
      (bytes) => response.writeHead(200, { 'Content-Type': type }).end(edit(name, bytes)),
      () => response.writeHead(404).end(),
    );
  });
  return listen(server, path);
}
