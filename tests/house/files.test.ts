// What holds for every file: its size, its tests, and what must never be committed.
import { describe, expect, it } from 'vitest';
import { holds, matches, readSource, repositoryPaths, withoutComments } from './rule.ts';

const isCode = (path: string) => /\.(rs|ts|mjs|js|svelte|css|py|sh)$/.test(path);
const isOwn = (path: string) => isCode(path) && !path.startsWith('tests/house/') && !/(^|\/)fixtures\//.test(path);
const LINES_MAX = 500;

holds({
  name: 'A file has fewer than 500 lines',
  why: 'A file answers one question; at this length it has begun to answer two.',
  reads: isCode,
  find(file) {
    const lines = file.text.split('\n').length - 1;
    return lines < LINES_MAX ? [] : [`${lines} lines`];
  },
  breaks: [{ path: 'src/train/plan.rs', text: '\n'.repeat(500) }],
  allows: [{ path: 'src/train/plan.rs', text: '\n'.repeat(499) }],
});

holds({
  name: 'No test is skipped and nothing is left for later',
  why: 'A test that does not run proves nothing and looks as if it did; a stub looks like a feature.',
  reads: isOwn,
  find(file) {
    const code = withoutComments(file.text);
    return [
      ...matches(code, /#\[ignore\b[^\]]*\]|\b(?:todo|unimplemented)!\(/),
      ...matches(code, /\b(?:it|test|describe|suite)\.(?:skip|only|todo|fixme|fails)\b|\bx(?:it|describe)\(/),
      ...matches(code, /@(?:pytest\.mark\.(?:skip|xfail)|unittest\.skip)\w*/),
      ...matches(file.text, /\b(?:TODO|FIXME|XXX|HACK)\b/),
    ];
  },
  breaks: [
    { path: 'tests/gradients.rs', text: '#[test]\n#[ignore]\nfn slow() {}' },
    { path: 'src/ops/relu.rs', text: 'fn backward() { todo!() }' },
    { path: 'tests/e2e/home.spec.ts', text: "test.skip('trains', () => {});" },
    { path: 'tests/e2e/home.spec.ts', text: "test.only('trains', () => {});" },
    { path: 'tests/python/numpy/test_views.py', text: '@pytest.mark.skip\ndef test_view(): ...' },
    { path: 'www/src/main.ts', text: '// TODO: the rest' },
  ],
  allows: [{ path: 'www/src/exercise/run.ts', text: 'const skipped = list.only; // Not a test.' }],
});

holds({
  name: 'No path of one machine and no registry host is committed',
  why: 'A clone elsewhere would look for a folder or a mirror that only we have.',
  reads: (path) => (isOwn(path) || /\.(json|toml|md|yml|yaml|html|lock)$|(^|\/)Makefile$|^\.ci\//.test(path)) && !/(^|\/)fixtures\//.test(path),
  find: (file) => [
    // /home/pyodide is a folder inside Python's own file system, the same in every browser.
    ...matches(file.text, /(?<![\w./-])\/(?:work|root|Users|home)\/(?!pyodide\b)[\w.-]+/),
    ...matches(file.text, /"resolved":\s*"[^"]+"|^source = "registry\+(?!https:\/\/github\.com\/rust-lang\/crates\.io-index")[^\n]*/m),
  ],
  breaks: [
    { path: 'Makefile', text: 'serve:\n\tcd /home/ann/danlu && node serve.mjs' },
    { path: 'README.md', text: 'See `/home/someone/danlu`.' },
    { path: 'package-lock.json', text: '"resolved": "https://mirror.example/a.tgz"' },
    { path: 'Cargo.lock', text: 'source = "registry+https://mirror.example/index"' },
  ],
  allows: [
    { path: 'tests/python/views.test.mjs', text: "FS.writeFile('/home/pyodide/a.py', text)" },
    { path: 'Makefile', text: 'open www/src/pages/home/HomePage.svelte' },
    { path: 'Cargo.lock', text: 'source = "registry+https://github.com/rust-lang/crates.io-index"' },
  ],
});

holds({
  name: 'No mark of an unfinished merge is committed',
  why: 'A merge left half-way is seen by a compiler at best, by a reader at worst.',
  reads: (path) => !/(^|\/)fixtures\//.test(path) && path !== 'tests/house/files.test.ts',
  find: (file) => matches(file.text, /^(?:<<<<<<<|>>>>>>>) [^\n]*/m),
  breaks: [{ path: 'README.md', text: 'one\n<<<<<<< HEAD\ntwo\n=======\nthree\n>>>>>>> main\n' }],
  allows: [{ path: 'README.md', text: '>>> import numpy as np\n=======\n' }],
});

describe('Growth is seen', () => {
  it('prints the lines of each room', () => {
    const rooms = new Map<string, { files: number; lines: number }>();
    for (const path of repositoryPaths().filter(isCode)) {
      const parts = path.split('/');
      const room = parts.slice(0, Math.min(parts.length - 1, parts[0] === 'src' || parts[0] === 'tests' ? 2 : 3)).join('/') || '.';
      const entry = rooms.get(room) ?? { files: 0, lines: 0 };
      entry.files += 1;
      entry.lines += readSource(path).text.split('\n').length - 1;
      rooms.set(room, entry);
    }
    const table = [...rooms].sort(([a], [b]) => a.localeCompare(b));
    const total = table.reduce((sum, [, { lines }]) => sum + lines, 0);
    const row = (room: string, files: number | string, lines: number | string) =>
      `${room.padEnd(34)}${String(files).padStart(6)}${String(lines).padStart(8)}`;
    console.log([row('room', 'files', 'lines'), ...table.map(([room, { files, lines }]) => row(room, files, lines)), row('total', '', total)].join('\n'));
    expect(total).toBeGreaterThan(0);
  });
});
