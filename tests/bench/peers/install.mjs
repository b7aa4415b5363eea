// Installs the peers beside package.json of this folder, and puts what they need where the page
// can fetch it.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../bench.mjs';

const FOLDER = 'tests/bench/peers';

/** Files of the packages, by the folder of the page that gets them. */
const FILES = {
  ort: [
    'onnxruntime-web/dist/ort.training.wasm.min.mjs',
    'onnxruntime-web/dist/ort-training-wasm-simd-threaded.mjs',
    'onnxruntime-web/dist/ort-training-wasm-simd-threaded.wasm',
  ],
  tfjs: [
    '@tensorflow/tfjs/dist/tf.min.js',
    '@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.min.js',
    '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm',
    '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
    '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm',
  ],
};

function installed() {
  const wanted = JSON.parse(readFileSync(join(root, FOLDER, 'package.json'), 'utf8')).devDependencies;
  return Object.entries(wanted).every(([name, version]) => {
    const file = join(root, FOLDER, 'node_modules', name, 'package.json');
    return existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).version === version;
  });
}

/** `copy(from, to)` takes a path in the repository and one in the page's folder. */
export async function installPeers(copy) {
  if (!installed()) {
    console.error(`bench: installing the peers in ${FOLDER}`);
    const npm = ['install', '--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts', '--loglevel=error'];
    try {
      execFileSync('npm', npm, { cwd: join(root, FOLDER), stdio: ['ignore', 'ignore', 'inherit'] });
    } catch {
      throw new Error('the peers could not be installed: npm needs the network for that. Leave them out with --only');
    }
  }
  for (const [folder, files] of Object.entries(FILES)) {
    for (const file of files) await copy(`${FOLDER}/node_modules/${file}`, `peers/${folder}/${file.split('/').at(-1)}`);
  }
  await copy(`${FOLDER}/ort`, 'peers/ort');
}
