// A plugin of Vite's: when the page is built, compiles workers/offline.ts to offline.js beside index.html, with the list of
// all files of the build and their hashes in it.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { build } from 'vite';

export const WORKER = 'offline.js';

/**
 * [{url, revision}] of a folder's files. Those under assets/ carry a hash in their names, those of Python in the addresses
 * that python/manifest.json gives them.
 */
export function listFiles(folder) {
  const python = readPython(folder);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(folder, path)).isFile())
    .map((path) => path.split(sep).join('/'))
    // What a host reads for itself, and the worker, which the browser fetches by its own rules.
    .filter((path) => !/(^|\/)[._]/.test(path) && path !== WORKER)
    .sort()
    .map((path) => ({
      url: python.get(path) ?? path,
      revision: path.startsWith('assets/') || python.has(path) ? null : hash(join(folder, path)),
    }));
}

/** What the page asks for, by the file's path. */
function readPython(folder) {
  const path = join(folder, 'python/manifest.json');
  if (!existsSync(path)) return new Map();
  const { files } = JSON.parse(readFileSync(path, 'utf8'));
  return new Map(Object.values(files).map(({ url }) => [`python/${url.split('?')[0]}`, `python/${url}`]));
}

const hash = (path) => createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 16);

export function offline(entry) {
  let outDir;
  return {
    name: 'danlu-offline',
    apply: 'build',
    configResolved(config) {
      outDir = config.build.outDir;
    },
    closeBundle: {
      sequential: true,
      order: 'post',
      async handler() {
        await build({
          configFile: false,
          logLevel: 'warn',
          publicDir: false,
          define: { DANLU_FILES: JSON.stringify(listFiles(outDir)), 'process.env.NODE_ENV': '"production"' },
          build: {
            outDir,
            emptyOutDir: false,
            target: 'es2023',
            // One classic script: not every browser takes modules here.
            lib: { entry, formats: ['iife'], name: 'offline', fileName: () => WORKER },
          },
        });
      },
    },
  };
}
