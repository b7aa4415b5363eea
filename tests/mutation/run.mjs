// How many planted mistakes do the engine's tests notice?
//
//   node tests/mutation/run.mjs [--sample 100] [--seed 1] [--rooms kernels,ops] [--match text]
//
// A copy of the source, in target/mutation, gets a sample of the mistakes that plant.rs knows, each
// behind a number; those that don't compile are left out. It is built once; then the tests run once
// for each mistake, those of its own file first. Not a part of `make test`: it takes minutes, and what
// survives wants a reader. With --built the tests run on what was built before.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const WORK = join(ROOT, 'target/mutation');
const TREE = join(WORK, 'tree');
const LEFT_OUT = join(WORK, 'left-out.txt');
const LIST = join(WORK, 'list.jsonl');
const PROGRAMS = join(WORK, 'programs.json');
/** A mistake that makes a test run for so long is noticed by whoever waits. */
const LIMIT_MS = 120_000;
/** Of so many drawn for each that is asked for, enough compile: most ways to scale fit few types. */
const DRAWN = 4;

const option = (name, standard) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? standard : process.argv[at + 1];
};
const [sample, seed, match] = [Number(option('sample', 100)), Number(option('seed', 1)), option('match', '')];
const rooms = option('rooms', 'kernels,ops').split(',');

const NUMBER_MODULE = `//! Which planted mistake is made: the number that the environment names.
use std::sync::OnceLock;

pub fn number() -> usize {
    static NUMBER: OnceLock<usize> = OnceLock::new();
    *NUMBER.get_or_init(|| std::env::var("PLANTED").ok().and_then(|n| n.parse().ok()).unwrap_or(0))
}
`;

function cargo(args, options = {}) {
  const env = { ...process.env, CARGO_TARGET_DIR: join(WORK, 'build'), RUSTFLAGS: '-Awarnings' };
  return spawnSync('cargo', args, { cwd: TREE, env, encoding: 'utf8', maxBuffer: 1 << 28, ...options });
}

/** A fresh copy with all mistakes but those left out; gives them by number. */
function plant() {
  mkdirSync(TREE, { recursive: true });
  for (const name of ['src', 'tests', 'pkg-config/packager']) rmSync(join(TREE, name), { recursive: true, force: true });
  for (const name of ['Cargo.toml', 'Cargo.lock', 'src', 'tests', 'pkg-config/packager']) {
    cpSync(join(ROOT, name), join(TREE, name), { recursive: true, filter: (path) => !/node_modules|tests.python/.test(path) });
  }
  rmSync(LIST, { force: true });
  let next = '1';
  for (const room of rooms) {
    const folder = join(TREE, 'src', room);
    const plant = join(ROOT, 'target/debug/plant');
    next = execFileSync(plant, [folder, next, LIST, ...(existsSync(LEFT_OUT) ? [LEFT_OUT] : [])], { encoding: 'utf8' }).trim();
  }
  writeFileSync(join(TREE, 'src/kernels/planted.rs'), NUMBER_MODULE);
  const manifest = join(TREE, 'Cargo.toml');
  const [fast, slow] = ['[profile.test.package.danlu-kernels]\nopt-level = 3', '[profile.test.package.danlu-kernels]\nopt-level = 1'];
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(fast, slow));
  const mod = join(TREE, 'src/kernels/mod.rs');
  writeFileSync(mod, readFileSync(mod, 'utf8').replace(/^(pub )?mod /m, 'pub mod planted;\n$&'));
  const lines = readFileSync(LIST, 'utf8').trim().split('\n');
  return new Map(lines.map((line) => JSON.parse(line)).map((mistake) => [mistake.number, mistake]));
}

/** The numbers of mistakes that an error of the compiler lies in. */
function numbersIn(message, mistakes) {
  const found = [];
  for (const { file_name, byte_start, byte_end } of message.spans.filter((span) => span.is_primary)) {
    const text = readFileSync(resolve(TREE, file_name));
    const arms = [...text.toString('latin1').matchAll(/\/\*<(\d+)\*\/.*?\/\*\1>\*\//gs)];
    const hit = arms.filter((arm) => arm.index <= byte_end && arm.index + arm[0].length >= byte_start);
    // An arm within an arm: the innermost is meant.
    const innermost = hit.filter((arm) => !hit.some((other) => other !== arm && other.index >= arm.index && other.index + other[0].length <= arm.index + arm[0].length));
    found.push(...innermost.map((arm) => Number(arm[1])));
    if (innermost.length === 0) {
      // Not in an arm: whatever was planted on these lines.
      const line = (at) => text.subarray(0, at).toString('latin1').split('\n').length;
      const [first, last] = [line(byte_start), line(byte_end)];
      for (const arm of arms) if (line(arm.index) >= first && line(arm.index) <= last) found.push(Number(arm[1]));
    }
  }
  return found.filter((number) => mistakes.has(number));
}

function leaveOut(numbers) {
  const known = existsSync(LEFT_OUT) ? readFileSync(LEFT_OUT, 'utf8').split(/\s+/).filter(Boolean) : [];
  writeFileSync(LEFT_OUT, [...new Set([...known, ...numbers.map(String)])].join('\n'));
}

/** Draws, and plants until all that is left compiles. */
function plantWhatCompiles() {
  rmSync(LEFT_OUT, { force: true });
  const all = plant();
  const drawn = shuffled([...all.values()].filter(({ file }) => relative(TREE, file).includes(match))).slice(0, DRAWN * sample);
  const kept = new Set(drawn.map(({ number }) => number));
  leaveOut([...all.keys()].filter((number) => !kept.has(number)));
  console.log(`${all.size} mistakes, of which ${kept.size} are drawn`);
  for (let round = 1; ; round++) {
    const mistakes = plant();
    const { stdout, stderr, status } = cargo(['check', '--profile', 'test', '--message-format=json', '-p', 'danlu', '--lib', '--test', 'engine']);
    if (status === 0) return;
    const errors = stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line).message)
      .filter((message) => message?.level === 'error' && message.spans.length > 0);
    const numbers = [...new Set(errors.flatMap((message) => numbersIn(message, mistakes)))];
    console.log(`round ${round}: ${mistakes.size} planted, ${errors.length} errors, ${numbers.length} left out`);
    if (numbers.length === 0) {
      console.error(errors[0]?.rendered ?? stderr);
      process.exit(1);
    }
    leaveOut(numbers);
  }
}

function testPrograms() {
  const { stdout, stderr, status } = cargo(['test', '--no-run', '--message-format=json', '-p', 'danlu', '--lib', '--test', 'engine']);
  if (status !== 0) throw new Error(stderr);
  const made = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
    .filter(({ executable }) => executable);
  const named = (name) => made.find(({ target }) => target.name === name).executable;
  return { unit: named('danlu'), whole: named('engine') };
}

/** Whether the tests fail with this mistake. */
function fails(program, number, filter = []) {
  const env = { ...process.env, PLANTED: String(number), RUST_BACKTRACE: '0' };
  const { status } = spawnSync(program, ['-q', '--test-threads', '2', ...filter], { cwd: TREE, env, stdio: 'ignore', timeout: LIMIT_MS });
  return status !== 0;
}

/** `kernels::gemm` of `src/kernels/gemm/fast.rs`: the folder or the file within the room. */
const moduleOf = (file) => relative(join(TREE, 'src'), file).replace(/\.rs$/, '').split('/').slice(0, 2).join('::');

/** Numbers that look drawn and are the same each time (mulberry32). */
function* drawn(state) {
  for (;;) {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    yield ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }
}

function shuffled(all) {
  const random = drawn(seed);
  for (let i = all.length - 1; i > 0; i--) {
    const j = Math.floor(random.next().value * (i + 1));
    [all[i], all[j]] = [all[j], all[i]];
  }
  return all;
}

if (!process.argv.includes('--built')) {
  execFileSync('cargo', ['build', '--locked', '--package', 'mutation'], { cwd: ROOT, stdio: 'inherit' });
  mkdirSync(WORK, { recursive: true });
  plantWhatCompiles();
  writeFileSync(PROGRAMS, JSON.stringify(testPrograms()));
}
if (process.argv.includes('--build-only')) process.exit(0);
const { unit, whole } = JSON.parse(readFileSync(PROGRAMS, 'utf8'));
for (const program of [unit, whole]) if (fails(program, 0)) throw new Error(`${program} fails without any mistake`);
const compiled = readFileSync(LIST, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
const mistakes = shuffled(compiled).slice(0, sample);
console.log(`${compiled.length} mistakes compile; ${mistakes.length} are tried`);
/** Each sieve is slower than the one before, and tries only what that let through. */
const SIEVES = [
  ['tests of its own folder', unit, (mistake) => [moduleOf(mistake.file)]],
  ['all unit tests', unit, () => []],
  ['golden values and gradient checks', whole, () => ['golden', 'planted', 'eager', 'autograd', 'properties', 'any_shapes', 'edges']],
  ['tests of the whole engine', whole, () => []],
];
let left = mistakes;
for (const [words, program, filter] of SIEVES) {
  const survives = (mistake) => !fails(program, mistake.number, filter(mistake));
  left = left.filter(survives);
  console.log(`${words}: ${mistakes.length - left.length} of ${mistakes.length} noticed`);
  for (const { file, line, kind, from, to } of left) {
    console.log(`  not: ${relative(TREE, file)}:${line} ${kind}: ${from.replace(/\s+/g, ' ')} → ${to}`);
  }
}
