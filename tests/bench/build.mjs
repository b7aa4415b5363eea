// Builds the modules that only the benchmark needs, with the packager's flags.
import { execFileSync } from 'node:child_process';
import { root } from './bench.mjs';

/** `what`: `kernels` or `eager`; it lands in target/wasm-<what>, or was built before where the options say so. */
export function buildForBench(what, { built }) {
  if (built) return;
  const cargo = ['run', '--quiet', '--locked', '--jobs', process.env.JOBS ?? '2', '--package', 'packager', '--', '--root', '.', `--${what}`];
  execFileSync('cargo', cargo, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
}
