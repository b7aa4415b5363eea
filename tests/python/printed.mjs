// Programs that print here what they printed on the real library (the .txt beside each), numbers within what float32 and
// another order of sums leave open.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { before, test } from 'node:test';
import { startInNode } from './runtime.mjs';

const NUMBER = /-?\d+\.\d+(?:e[-+]?\d+)?|-?\d+/g;
/** Training in float32 for some steps; four digits behind the point are printed. */
const CLOSE = 2e-4;

/** A test of each program in a folder. */
export function testPrinted(programs, library) {
  const read = (file) => readFileSync(new URL(file, programs), 'utf8');
  let run;
  before(async () => {
    const { pyodide } = await startInNode();
    run = pyodide.runPython(`
def run(source, name):
    import contextlib, io, types, sys
    out = io.StringIO()
    main = sys.modules["__main__"] = types.ModuleType("__main__")
    if "keras" in sys.modules:
        sys.modules["keras"].backend.clear_session()
    with contextlib.redirect_stdout(out):
        exec(compile(source, name, "exec"), main.__dict__)
    return out.getvalue()
run
`);
  });

  for (const file of readdirSync(programs).filter((name) => name.endsWith('.py'))) {
    test(`${file} prints what it printed on ${library}`, () => {
      const [lines, expected] = [run(read(file), file), read(file.replace('.py', '.txt'))].map((text) => text.trimEnd().split('\n'));
      assert.deepEqual(lines.map((line, i) => difference(line, expected[i] ?? '')).filter((found) => found !== null), []);
      assert.equal(lines.length, expected.length);
    });
  }
}

/** How a line differs; where only numbers do, a little, null. */
function difference(line, expected) {
  // Widths follow the numbers.
  const words = (text) => text.replace(NUMBER, '#').replace(/ +/g, ' ');
  if (words(line) !== words(expected)) return `${line}\n  expected ${expected}`;
  const wanted = expected.match(NUMBER) ?? [];
  const far = (line.match(NUMBER) ?? []).findIndex((text, i) => Math.abs(text - wanted[i]) > CLOSE * Math.max(1, Math.abs(wanted[i])));
  return far < 0 ? null : `${line}\n  expected ${expected}`;
}
