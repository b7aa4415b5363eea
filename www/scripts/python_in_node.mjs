// Starts the page's Python in this Node process or thread: the same files that the page serves.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { nodeBuild, prepare, pythonBuild } from './python.mjs';

/**
 * {pyodide, engine}: engine is null when it wasn't built. What trains is `train`, whose numbers are the same everywhere,
 * unless DANLU_TRAINING says `relaxed`, which most browsers take; Node 20 needs --experimental-wasm-relaxed-simd for that.
 */
export async function startInNode({ prepared = false, training = process.env.DANLU_TRAINING ?? 'train' } = {}) {
  const { engine: hasEngine } = prepared || (await prepare());
  const { bootPython, joinEngines } = await import(pathToFileURL(join(nodeBuild, 'host.mjs')).href);
  const { loadPyodide } = await import(pathToFileURL(join(pythonBuild, 'pyodide.mjs')).href);
  const part = async (name) => ({
    ...(await import(pathToFileURL(join(pythonBuild, `${name}.mjs`)).href)),
    module: readFileSync(join(pythonBuild, `${name}.wasm`)),
  });
  const engine = hasEngine ? joinEngines(await part('engine'), await part(training)) : null;
  const pyodide = await bootPython({
    loadPyodide,
    indexURL: pythonBuild,
    stdLibURL: join(nodeBuild, 'stdlib.zip'),
    snapshot: readFileSync(join(nodeBuild, 'snapshot.bin')),
    packages: readFileSync(join(nodeBuild, 'packages.zip')),
    frameworks: readFileSync(join(nodeBuild, 'frameworks.zip')),
    ...(engine ? { engine } : {}),
  });
  putDigits(pyodide);
  return { pyodide, engine };
}

/** The page's digits, where Python's data sets look for them (www/python/danlu/digits.py). */
function putDigits({ FS }) {
  const folder = join(pythonBuild, '../data');
  FS.mkdirTree('/danlu/data');
  for (const name of ['mnist-images.idx.gz', 'mnist-labels.idx.gz']) {
    if (existsSync(join(folder, name))) FS.writeFile(`/danlu/data/${name}`, readFileSync(join(folder, name)));
  }
}
