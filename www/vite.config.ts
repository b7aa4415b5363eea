import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
// @ts-expect-error plain JavaScript.
import { offline } from './scripts/offline.mjs';

const root = import.meta.dirname;
const repository = resolve(root, '..');
const engine = resolve(repository, 'pkg-config/pkg');

// With these two headers the page is cross-origin isolated: SharedArrayBuffer and fine timers are allowed.
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** Where a folder really lies: node_modules and the engine may be links to another checkout. */
function realFolder(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

export default defineConfig({
  root,
  // Relative URLs, so that the built page works from any sub-path of any static host.
  base: './',
  // The scripts of www/scripts leave digits, Python and exercises in build/; they are served as they are.
  publicDir: resolve(repository, 'build'),
  plugins: [svelte(), offline(resolve(root, 'workers/offline.ts'))],
  resolve: { alias: { danlu: engine } },
  worker: { format: 'es' },
  build: { outDir: resolve(root, 'dist'), emptyOutDir: true, target: 'es2023', assetsInlineLimit: 0 },
  server: {
    headers: isolation,
    fs: { allow: [repository, realFolder(resolve(repository, 'node_modules')), realFolder(engine)] },
  },
  preview: { headers: isolation },
  test: { include: ['{src,workers,scripts}/**/*.test.ts'], environment: 'node' },
});
