// What a visitor downloads.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { root } from '../bench.mjs';

const MOST_BYTES = 300_000;

/** As the packager measures it: quality 11, a window of 2²² bytes. */
const brotliLength = (bytes) =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 } }).length;

export const size = {
  name: 'size',
  sections: (bench) => [
    {
      title: 'Engine, wasm, brotli',
      rows: [...bench.options.variants, ...bench.options.variants.map((variant) => `compression_${variant}`), 'python'].map((module) => {
        const bytes = brotliLength(readFileSync(join(root, `pkg-config/pkg/danlu_${module}.wasm`)));
        const goal = { text: `≤ ${MOST_BYTES / 1000} kB`, reached: bytes <= MOST_BYTES };
        return { what: module, unit: 'kB', median: bytes / 1000, goal };
      }),
    },
  ],
};
