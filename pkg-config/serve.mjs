// Serves a folder of static files on this machine: node pkg-config/serve.mjs [folder] [--port 8080]
//
// It sends what a static host should send: each file's type, the three headers that isolate the
// page (so that it may share memory between workers), and compressed bodies.
import { createServer } from 'node:http';
import { readFile, realpath, stat } from 'node:fs/promises';
import { extname, join, normalize, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.gz': 'application/octet-stream',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.py': 'text/x-python; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.zip': 'application/zip',
};
const ALREADY_SMALL = new Set(['.gz', '.png', '.webp', '.woff2']);

export const HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  // The browser asks each time and mostly hears 304: a rebuilt page is never a stale one.
  'Cache-Control': 'no-cache',
};

const brotli = (bytes) =>
  promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });
const COMPRESSORS = { br: brotli, gzip: promisify(gzip) };

/** The file that a URL's path names inside `root`, or null: nothing outside is ever read. */
async function findFile(root, urlPath) {
  let decoded;
  try {
    decoded = decodeURIComponent(urlPath);
  } catch {
    return null;
  }
  if (decoded.includes('\0')) return null;
  const wanted = join(root, normalize(`/${decoded}`), decoded.endsWith('/') ? 'index.html' : '');
  try {
    // A link may lead out of the folder as well as `..` may.
    const path = await realpath(wanted);
    if (!path.startsWith(root + sep)) return null;
    const info = await stat(path);
    return info.isFile() ? { path, info } : null;
  } catch {
    return null;
  }
}

function chooseEncoding(accepted = '', extension, size) {
  if (ALREADY_SMALL.has(extension) || size < 1024) return null;
  const offered = accepted.split(',').map((entry) => entry.split(';')[0].trim());
  return Object.keys(COMPRESSORS).find((encoding) => offered.includes(encoding)) ?? null;
}

/** A server for `folder`, not yet listening. */
export async function createStaticServer(folder) {
  const root = await realpath(resolve(folder));
  const compressed = new Map();

  async function body(path, tag, encoding) {
    if (!encoding) return readFile(path);
    const key = `${encoding} ${tag} ${path}`;
    if (!compressed.has(key)) compressed.set(key, readFile(path).then(COMPRESSORS[encoding]));
    return compressed.get(key);
  }

  async function respond(request, response) {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return response.writeHead(405, { ...HEADERS, Allow: 'GET, HEAD' }).end();
    }
    const file = await findFile(root, request.url.split(/[?#]/, 1)[0]);
    if (!file) {
      return response.writeHead(404, { ...HEADERS, 'Content-Type': 'text/plain; charset=utf-8' }).end('404\n');
    }
    const { path, info } = file;
    const extension = extname(path).toLowerCase();
    const encoding = chooseEncoding(request.headers['accept-encoding'], extension, info.size);
    const tag = `"${info.size.toString(36)}-${Math.round(info.mtimeMs).toString(36)}${encoding ? `-${encoding}` : ''}"`;
    const headers = {
      ...HEADERS,
      'Content-Type': TYPES[extension] ?? 'application/octet-stream',
      ETag: tag,
      Vary: 'Accept-Encoding',
      ...(encoding && { 'Content-Encoding': encoding }),
    };
    if (request.headers['if-none-match'] === tag) return response.writeHead(304, headers).end();
    const bytes = await body(path, tag, encoding);
    response.writeHead(200, { ...headers, 'Content-Length': bytes.length });
    return response.end(request.method === 'HEAD' ? undefined : bytes);
  }

  return createServer((request, response) => {
    respond(request, response).catch((error) => {
      console.error(`${request.method} ${request.url}: ${error.message}`);
      if (response.headersSent) response.destroy();
      else response.writeHead(500, HEADERS).end();
    });
  });
}

async function main(argv) {
  const portAt = argv.indexOf('--port');
  const port = portAt < 0 ? 8080 : Number(argv.splice(portAt, 2)[1]);
  const folder = argv[0] ?? 'www/dist';
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Error(`--port must be a number up to 65535`);
  const server = await createStaticServer(folder);
  server.on('error', (error) => {
    const hint = error.code === 'EADDRINUSE' ? `port ${port} is taken; choose another: make serve PORT=${port + 1}` : error.message;
    console.error(`serve: ${hint}`);
    process.exit(1);
  });
  server.listen(port, '127.0.0.1', () => {
    console.log(`serve: http://127.0.0.1:${server.address().port}/ (${folder}; Ctrl+C ends it)`);
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(await realpath(process.argv[1])).href) {
  main(process.argv.slice(2)).catch((error) => {
    console.error(`serve: ${error.message}`);
    process.exit(1);
  });
}
