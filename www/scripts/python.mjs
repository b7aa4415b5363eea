// Prepares the Python that the page serves, into build/python: Pyodide's core, its standard library compiled and
// trimmed, our packages, the workers and the engine. Quick when nothing changed.
//   node www/scripts/python.mjs
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const pythonBuild = join(root, 'build/python');
/** For Node only, and stamps: never served. */
export const nodeBuild = join(root, 'target/python');
const pyodideFolder = join(root, 'node_modules/pyodide');
const packagesFolder = join(root, 'www/python');
const enginePackage = join(root, 'pkg-config/pkg');

/** Where the archives stand inside Pyodide's file system; tracebacks name these paths. */
const stdlibPath = '/lib/python314.zip';

/** What every reader's code may import at once; the other packages are the frameworks, fetched when code names one. */
const BASE = ['danlu', 'matplotlib', 'numpy'];
const topName = (path) => relative(packagesFolder, path).split(sep)[0].replace(/\.py$/, '');

const hashOf = (...parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 16);
};

function filesUnder(folder, accept) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && accept(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((path) => !path.includes('__pycache__'))
    .sort();
}

const hashOfFiles = (paths) => hashOf(...paths.flatMap((path) => [relative(root, path), readFileSync(path)]));

/** Written beside and renamed, so that a reader in parallel never sees half a file. */
function write(path, content) {
  mkdirSync(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}`;
  writeFileSync(beside, content);
  renameSync(beside, path);
}

/** One step's outputs, kept with the hash of its inputs; the step runs again only when that hash changed. */
async function step(name, inputs, outputs, make) {
  const stamp = join(root, 'target/python', `${name}.stamp`);
  const fresh = existsSync(stamp) && readFileSync(stamp, 'utf8') === inputs && outputs.every((path) => existsSync(path));
  if (fresh) return;
  process.stderr.write(`python: ${name} …\n`);
  await make();
  write(stamp, inputs);
}

let compiler;
/** python_compile.py inside Pyodide: only the same CPython writes .pyc files that it can read. */
async function compile(name, ...args) {
  if (!compiler) {
    const { loadPyodide } = await import(join(pyodideFolder, 'pyodide.mjs'));
    const pyodide = await loadPyodide({ indexURL: pyodideFolder });
    compiler = { pyodide, globals: pyodide.globals.get('dict')() };
    pyodide.runPython(readFileSync(join(root, 'www/scripts/python_compile.py'), 'utf8'), { globals: compiler.globals });
  }
  const { pyodide, globals } = compiler;
  const call = pyodide.runPython(
    `lambda *args: ${name}(*[a.to_bytes() if hasattr(a, "to_bytes") else a if isinstance(a, str) else {k: v.to_bytes() for k, v in a.to_py(depth=1).items()} for a in args])`,
    { globals },
  );
  const result = call(...args);
  const bytes = result.toJs();
  result.destroy();
  return bytes;
}

async function makeCore() {
  for (const file of ['pyodide.mjs', 'pyodide.asm.mjs', 'pyodide.asm.wasm']) {
    let content = readFileSync(join(pyodideFolder, file));
    if (file.endsWith('.mjs')) content = Buffer.from(content.toString('utf8').replace(/\n?\/\/# sourceMappingURL=\S+\s*$/, '\n'));
    write(join(pythonBuild, file), content);
  }
}

async function makeStdlib() {
  const zip = await compile('compile_standard_library', new Uint8Array(readFileSync(join(pyodideFolder, 'python_stdlib.zip'))), stdlibPath);
  write(join(nodeBuild, 'stdlib.zip'), zip);
  // Static hosts compress wasm and JavaScript but not archives.
  write(join(pythonBuild, 'stdlib.zip.gz'), gzipSync(zip, { level: 9 }));
}

/** Python's memory after its start, from which the next one begins: the start itself is most of what a start takes. */
async function makeSnapshot() {
  const { EMPTY_LOCK } = await import(join(nodeBuild, 'host.mjs'));
  const { loadPyodide } = await import(join(pythonBuild, 'pyodide.mjs'));
  // Python takes the script's path for its own name, which is no business of a reader's.
  const { argv } = process;
  process.argv = [argv[0], './this.program'];
  const pyodide = await loadPyodide({
    indexURL: pythonBuild,
    stdLibURL: join(nodeBuild, 'stdlib.zip'),
    lockFileContents: JSON.stringify(EMPTY_LOCK),
    packageBaseUrl: pythonBuild,
    _makeSnapshot: true,
  }).finally(() => (process.argv = argv));
  // What numpy and the judge import besides.
  pyodide.runPython('import array, difflib, hashlib');
  const memory = pyodide.makeMemorySnapshot();
  write(join(nodeBuild, 'snapshot.bin'), memory);
  write(join(pythonBuild, 'snapshot.bin.gz'), gzipSync(memory, { level: 9 }));
}

async function makePackages(name, sources) {
  const zip = await compile(
    'compile_packages',
    new Map(sources.map((path) => [relative(packagesFolder, path), new Uint8Array(readFileSync(path))])),
    // Where it stands inside Pyodide's file system; tracebacks name this path.
    `/danlu/${name}.zip`,
  );
  write(join(nodeBuild, `${name}.zip`), zip);
  write(join(pythonBuild, `${name}.zip.gz`), gzipSync(zip, { level: 9 }));
}

async function bundle(entry, file, format) {
  const { build } = await import('vite');
  const result = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    build: {
      write: false,
      minify: format === 'iife',
      target: 'es2022',
      copyPublicDir: false,
      lib: { entry: join(root, entry), formats: [format], name: 'danluPython', fileName: () => 'out.js' },
      rolldownOptions: { external: [/^node:/] },
    },
  });
  write(file, [result].flat()[0].output[0].code);
}

function describe(name) {
  const content = readFileSync(join(pythonBuild, name));
  return { url: `${name}?v=${hashOf(content)}`, bytes: content.length };
}

/** The list that the page reads first: each file with a hash in its address, so that caches can keep it for good. */
function makeManifest() {
  const names = {
    loader: 'pyodide.mjs',
    core: 'pyodide.asm.mjs',
    wasm: 'pyodide.asm.wasm',
    stdlib: 'stdlib.zip.gz',
    snapshot: 'snapshot.bin.gz',
    packages: 'packages.zip.gz',
    worker: 'worker.js',
    frame: 'frame.js',
    engineGlue: 'engine.mjs',
    engineWasm: 'engine.wasm',
    trainGlue: 'train.mjs',
    trainWasm: 'train.wasm',
    relaxedGlue: 'relaxed.mjs',
    relaxedWasm: 'relaxed.wasm',
  };
  const files = {};
  for (const [role, name] of Object.entries(names)) {
    if (existsSync(join(pythonBuild, name))) files[role] = describe(name);
  }
  const frameworks = describe('frameworks.zip.gz');
  frameworks.names = [...new Set(filesUnder(packagesFolder, (name) => name.endsWith('.py')).map(topName))].filter((name) => !BASE.includes(name));
  const text = JSON.stringify({ files, frameworks }, null, 1);
  const path = join(pythonBuild, 'manifest.json');
  if (!existsSync(path) || readFileSync(path, 'utf8') !== text) write(path, text);
}

/**
 * The engine's modules for Python: what they are called there. Arrays and the tape are in the variant that sums in the
 * same order everywhere; what trains is in both, and a browser fetches one of them.
 */
const ENGINE_FILES = {
  'engine.mjs': 'danlu_python.js',
  'engine.wasm': 'danlu_python.wasm',
  'train.mjs': 'danlu_simd.js',
  'train.wasm': 'danlu_simd.wasm',
  'relaxed.mjs': 'danlu_relaxed.js',
  'relaxed.wasm': 'danlu_relaxed.wasm',
};

export async function prepare() {
  const script = fileURLToPath(import.meta.url);
  const compileScript = join(root, 'www/scripts/python_compile.py');
  const version = JSON.parse(readFileSync(join(pyodideFolder, 'package.json'), 'utf8')).version;
  const compiling = hashOf(version, readFileSync(compileScript), readFileSync(script));

  await step('core', compiling, ['pyodide.mjs', 'pyodide.asm.mjs', 'pyodide.asm.wasm'].map((f) => join(pythonBuild, f)), makeCore);
  await step('stdlib', compiling, [join(nodeBuild, 'stdlib.zip'), join(pythonBuild, 'stdlib.zip.gz')], makeStdlib);

  const sources = filesUnder(packagesFolder, (name) => !name.endsWith('.pyc'));
  const isBase = (path) => BASE.includes(topName(path));
  for (const [name, paths] of [['packages', sources.filter(isBase)], ['frameworks', sources.filter((path) => !isBase(path))]]) {
    const archives = [join(nodeBuild, `${name}.zip`), join(pythonBuild, `${name}.zip.gz`)];
    await step(name, hashOf(compiling, hashOfFiles(paths)), archives, () => makePackages(name, paths));
  }

  const typescript = [
    ...filesUnder(join(root, 'www/workers'), (name) => name.startsWith('python.') && name.endsWith('.ts')),
    ...filesUnder(join(root, 'www/src/python'), (name) => name.endsWith('.ts')),
  ];
  await step('workers', hashOf(compiling, hashOfFiles(typescript)), [join(pythonBuild, 'worker.js'), join(pythonBuild, 'frame.js'), join(nodeBuild, 'host.mjs')], async () => {
    await bundle('www/workers/python.worker.ts', join(pythonBuild, 'worker.js'), 'iife');
    await bundle('www/src/python/frame.ts', join(pythonBuild, 'frame.js'), 'iife');
    await bundle('www/src/python/node.ts', join(nodeBuild, 'host.mjs'), 'es');
  });

  await step('snapshot', compiling, [join(nodeBuild, 'snapshot.bin'), join(pythonBuild, 'snapshot.bin.gz')], makeSnapshot);

  const built = Object.entries(ENGINE_FILES).map(([name, source]) => [join(pythonBuild, name), join(enginePackage, source)]);
  const engine = built.every(([, source]) => existsSync(source));
  if (engine) {
    await step('engine', hashOfFiles(built.map(([, source]) => source)), built.map(([path]) => path), () => {
      for (const [path, source] of built) write(path, readFileSync(source));
    });
  } else {
    process.stderr.write('python: no engine in pkg-config/pkg, so no numpy; `make wasm` builds it\n');
    for (const [path] of built) rmSync(path, { force: true });
  }
  makeManifest();
  return { engine };
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) await prepare();
