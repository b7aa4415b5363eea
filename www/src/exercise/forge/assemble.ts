/** Puts a training run together out of the reader's code and the engine's: for the page's Python, or as one file. */
import type { ExerciseChecks } from '../../python/types.ts';
import checks from './checks.py?raw';
import engine from './engine.py?raw';
import main from './main.py?raw';
import net from './net.py?raw';

/** A part of the net, and the exercise whose answer may take its place. */
export interface Slot {
  exercise: string;
  /** The names that the answer defines and the net calls. */
  names: string[];
}

export const SLOTS: Slot[] = [
  { exercise: 'conv2d-naive', names: ['conv2d'] },
  { exercise: 'activations', names: ['activate', 'activate_backward'] },
  { exercise: 'pooling', names: ['max_pool', 'max_pool_backward'] },
  { exercise: 'dense-forward', names: ['dense'] },
  { exercise: 'dense-backward', names: ['dense_backward'] },
  { exercise: 'cross-entropy', names: ['cross_entropy'] },
  { exercise: 'softmax-ce-backward', names: ['softmax_ce_backward'] },
  { exercise: 'conv2d-backward', names: ['conv2d_backward'] },
  { exercise: 'adam', names: ['Adam'] },
];

export const STEPS = 120;
export const EVERY = 4;
export const SEED = 1;
/** Of the held-out digits, what a run must get right. */
export const TARGET = 0.88;

/** Zlib and base64, as Python's zlib.decompress(base64.b64decode(…)) reads them. */
export interface Packed {
  trainImages: string;
  trainLabels: string;
  heldImages: string;
  heldLabels: string;
}

/** By exercise, the code that takes its part. */
export type Code = Map<string, string>;

const quoted = (text: string) => `'''\\\n${text.replaceAll('\\', '\\\\').replaceAll("'''", "\\'\\'\\'")}'''`;
const ending = (text: string) => `${text.trim()}\n`;

function constants({ trainImages, trainLabels, heldImages, heldLabels }: Packed, steps: number, withHeldLabels: string): string {
  return [
    `TRAIN_IMAGES = "${trainImages}"`, `TRAIN_LABELS = "${trainLabels}"`, `HELD_IMAGES = "${heldImages}"`,
    `HELD_LABELS = "${heldLabels}"`, `SEED, STEPS, EVERY = ${SEED}, ${steps}, ${EVERY}`, withHeldLabels,
  ].join('\n');
}

/** Each answer in a module of its own, so that equal names in two of them don't meet. */
const LOADER = `import types


def answer(source, name):
    module = types.ModuleType(name)
    module.__builtins__ = __builtins__
    exec(compile(source, name, "exec"), module.__dict__)
    return module
`;

const variable = (exercise: string) => exercise.replaceAll('-', '_');

function loaded(code: Code): string {
  return [...code].map(([exercise, source]) => `${variable(exercise)} = answer(${quoted(ending(source))}, "${exercise}.py")\n`).join('\n\n');
}

function table(code: Code, other: (name: string) => string): string {
  const theirs = SLOTS.flatMap(({ exercise, names }) =>
    names.map((name) => `    "${name}": ${code.has(exercise) ? `${variable(exercise)}.${name}` : other(name)},\n`),
  );
  // Where nothing is the reader's, the engine shows what it can do at once.
  const whole = code.size === 0 ? `    "gradients": ${other('gradients')},\n` : '';
  return `PARTS = {\n${theirs.join('')}${whole}}\n`;
}

/** What the page's Python runs: the solution, and the exercise whose one check trains it. */
export function assemble(code: Code, packed: Packed, steps = STEPS, target = TARGET): { solution: string; exercise: ExerciseChecks } {
  const given = `${ending(net)}\n\n${ending(engine)}`;
  return {
    solution: `import given\n${LOADER}\n\n${loaded(code)}\n\n${table(code, (name) => `given.${name}`)}`,
    exercise: {
      id: 'forge', entry: ['PARTS'], forbid: [], given, seconds: 120,
      checks: checks.replace('SIDE = 14\n', `SIDE = 14\n${constants(packed, steps, `TARGET = ${target}`)}\n`),
    },
  };
}

export interface FileWords {
  head: string;
  net: string;
  theirs: string;
  digits: string;
}

const comment = (text: string) => text.split('\n').map((line) => `# ${line}\n`).join('');

/** The reader's framework: one file that trains by itself, on NumPy alone. */
export function asFramework(code: Code, packed: Packed, words: FileWords, titleOf: (exercise: string) => string): string {
  const answers = [...code].map(
    ([exercise, source]) => `${comment(titleOf(exercise))}${variable(exercise)} = answer(${quoted(ending(source))}, "${exercise}.py")\n`,
  );
  return [
    `${comment(words.head)}import base64\nimport zlib\n`,
    `${comment(words.net)}${ending(net)}`,
    `${comment(words.theirs)}${LOADER}`,
    ...answers,
    table(code, (name) => name),
    `${comment(words.digits)}${constants(packed, STEPS, '')}`,
    ending(main),
  ].join('\n\n');
}
