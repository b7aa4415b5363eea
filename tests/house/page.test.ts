// The arrows between the rooms of www/, and what may not stand in the page's code.
import { parse } from 'svelte/compiler';
import { posix } from 'node:path';
import { holds, matches, withoutComments, type SourceFile } from './rule.ts';

const isTest = (path: string) => /\.test\.ts$/.test(path);
const inPage = (path: string) => /^www\/(src|workers)\/.*\.(ts|svelte)$/.test(path) && !isTest(path);

/** `www/src/pages/home/HomePage.svelte` stands in `pages`; App, main, routes and router are the shell. */
function roomOf(path: string): string {
  if (path.startsWith('www/workers/')) return 'workers';
  if (path.startsWith('www/strings/')) return 'strings';
  return /^www\/src\/([\w-]+)\//.exec(path)?.[1] ?? 'shell';
}

// pages → {views, workers/client, state, i18n}; views import only views. `exercise` is the exercise page's own room,
// `python` the client of the Python worker, `ui` the controls that every page shares, `lab` what the lab's rooms share.
const arrows: Record<string, string[]> = {
  views: [],
  strings: [],
  i18n: ['strings'],
  state: ['i18n'],
  ui: ['i18n', 'state'],
  // Files of other libraries, read and written; nothing of the page in it, so that a worker can do it.
  formats: [],
  workers: ['formats'],
  python: ['workers', 'i18n', 'state'],
  exercise: ['views', 'ui', 'i18n', 'state', 'python'],
  lab: ['views', 'ui', 'i18n', 'state', 'workers'],
  question: ['exercise', 'ui', 'i18n', 'state', 'python'],
  pages: ['views', 'ui', 'exercise', 'question', 'lab', 'workers', 'python', 'state', 'i18n', 'shell'],
  shell: ['pages', 'ui', 'state', 'i18n', 'assets', 'styles', 'python', 'workers'],
};

interface Import {
  from: string;
  typeOnly: boolean;
}

/** Everything a file imports, `new URL('./x.worker.ts', import.meta.url)` too. */
export function importsOf(text: string): Import[] {
  const code = withoutComments(text);
  const found: Import[] = [];
  for (const match of code.matchAll(/\b(?:import|export)\s+(type\s+)?(?:[\w*\s{},]+?\s+from\s+)?['"]([^'"]+)['"]/g)) {
    found.push({ from: match[2]!, typeOnly: match[1] !== undefined });
  }
  for (const match of code.matchAll(/\bimport\(\s*['"]([^'"]+)['"]|\bnew URL\(\s*['"]([^'"]+)['"],\s*import\.meta\.url/g)) {
    found.push({ from: (match[1] ?? match[2])!, typeOnly: false });
  }
  return found;
}

function target(path: string, from: string): string {
  return posix.normalize(posix.join(posix.dirname(path), from.replace(/\?.*$/, '')));
}

holds({
  name: 'Rooms of the page import as the design says',
  why: 'A view that only draws can be shown anywhere; a page that reaches the engine only through the worker cannot freeze.',
  reads: inPage,
  find(file: SourceFile) {
    const room = roomOf(file.path);
    const allowed = arrows[room];
    if (!allowed) return [`room ${room} has no place in the table of arrows`];
    return importsOf(file.text).flatMap(({ from, typeOnly }) => {
      if (!from.startsWith('.')) return [];
      const there = roomOf(target(file.path, from));
      if (there === room || allowed.includes(there) || there === 'styles' || there === 'assets') return [];
      // Workers share the shapes of what they are told with the page; a type leaves no code behind.
      if (room === 'workers' && typeOnly && (there === 'python' || there === 'state' || there === 'lab')) return [];
      return [`${room} → ${there} (${from})`];
    });
  },
  breaks: [
    { path: 'www/src/views/Curves.svelte', text: "<script>import { t } from '../i18n/index.svelte.ts';</script>" },
    { path: 'www/src/ui/Button.svelte', text: "<script>import Home from '../pages/home/HomePage.svelte';</script>" },
    { path: 'www/workers/train.worker.ts', text: "import { theme } from '../src/state/theme.svelte.ts';" },
    { path: 'www/src/state/run.ts', text: "export { Client } from '../../workers/client.ts';" },
    { path: 'www/src/attic/thing.ts', text: '' },
  ],
  allows: [
    { path: 'www/src/views/Curves.svelte', text: "<script>import Axis from './Axis.svelte'; import uPlot from 'uplot';</script>" },
    { path: 'www/src/pages/home/run.ts', text: "import { connect } from '../../../workers/client.ts';" },
    { path: 'www/workers/python.worker.ts', text: "import type { Message } from '../src/python/types';" },
  ],
});

holds({
  name: 'Only workers load the engine',
  why: 'On the main thread a training step would freeze the page.',
  reads: (path) => inPage(path) && !path.startsWith('www/workers/'),
  find: (file) =>
    importsOf(file.text)
      .filter(({ from, typeOnly }) => !typeOnly && (from === 'danlu' || from.includes('pkg-config/pkg')))
      .map(({ from }) => from),
  breaks: [
    { path: 'www/src/pages/home/run.ts', text: "import { load } from 'danlu';" },
    { path: 'www/src/state/run.ts', text: "const engine = await import('danlu');" },
  ],
  allows: [{ path: 'www/src/pages/home/run.ts', text: "import type { StepReport } from 'danlu';" }],
});

holds({
  name: 'No file of the page takes another host’s URL',
  why: 'Everything comes from the page’s own origin: it works offline, behind firewalls, and tells nobody who reads what.',
  reads: (path) => /^www\/(src|workers)\/.*\.(ts|svelte|css)$/.test(path) || path === 'www/index.html',
  find(file) {
    // A link that the reader follows is no request of ours; a namespace is a name that looks like a URL.
    const code = withoutComments(file.text)
      .replace(/<a\b[^>]*\bhref="https?:[^"]*"/g, '')
      .replace(/https?:\/\/www\.w3\.org\/[\w/]+/g, '');
    return matches(code, /(?:https?|wss?):\/\/[^\s'"`)]*|["'(]\/\/[\w-]+\.[\w.-]+/);
  },
  breaks: [
    { path: 'www/src/main.ts', text: "await fetch('https://example.com/data')" },
    { path: 'www/src/styles/base.css', text: "@import url('//fonts.example.com/font.css');" },
    { path: 'www/index.html', text: '<script src="https://example.com/a.js"></script>' },
    { path: 'www/workers/python.worker.ts', text: "const socket = new WebSocket('wss://example.com');" },
  ],
  allows: [
    { path: 'www/src/main.ts', text: '// See https://example.com/spec' },
    { path: 'www/src/App.svelte', text: '<a class="x" href="https://example.com/licence">{t("app.licence")}</a>' },
    { path: 'www/src/App.svelte', text: '<svg xmlns="http://www.w3.org/2000/svg"></svg>' },
  ],
});

// Names that are the same in every language: the page's, and each language's own for itself.
const names = /丹炉|中文/g;

holds({
  name: 'No Chinese stands in code',
  why: 'A sentence for the reader stands in strings/, an exercise or a question, in both languages, or half the readers miss it.',
  reads: (path) => /^(src|www\/src|www\/workers)\/.*\.(rs|ts|svelte)$/.test(path) && !isTest(path),
  find: (file) => matches(file.text.replace(names, ''), /\p{Script=Han}+/u),
  breaks: [
    { path: 'www/src/App.svelte', text: '<p>开始训练</p>' },
    { path: 'src/error.rs', text: 'write!(f, "形状不对")' },
  ],
  allows: [{ path: 'www/src/App.svelte', text: '<span lang="zh-CN">丹炉</span>' }],
});

/** Words in a template's text and in the attributes that a reader hears or sees. */
export function spokenWords(text: string): string[] {
  const spoken = new Set(['title', 'alt', 'placeholder', 'aria-label', 'aria-description', 'label']);
  const found: string[] = [];
  const look = (data: string) => {
    const words = data.replace(names, '').replace(/\bDanlu\b/g, '').trim();
    if (/\p{L}{2,}/u.test(words)) found.push(words);
  };
  const visit = (node: any): void => {
    if (node === null || typeof node !== 'object') return;
    if (Array.isArray(node)) return node.forEach(visit);
    if (node.type === 'Text') return look(node.data);
    if (node.type === 'Attribute') {
      if (spoken.has(node.name) && Array.isArray(node.value)) {
        for (const part of node.value) if (part.type === 'Text') look(part.data);
      }
      if (spoken.has(node.name) && node.value?.expression?.type === 'Literal') look(String(node.value.expression.value));
      return;
    }
    for (const [key, value] of Object.entries(node)) if (key !== 'parent' && key !== 'expression') visit(value);
  };
  visit(parse(text, { modern: true }).fragment);
  return found;
}

holds({
  name: 'No word for the reader stands in a template',
  why: 'It would stay English when the page is Chinese.',
  reads: (path) => /^www\/src\/.*\.svelte$/.test(path),
  find: (file) => spokenWords(file.text),
  breaks: [
    { path: 'www/src/App.svelte', text: '<button>Start</button>' },
    { path: 'www/src/App.svelte', text: '<input placeholder="Your name" />' },
    { path: 'www/src/App.svelte', text: '{#if ready}<p>All set {name}</p>{/if}' },
  ],
  allows: [{ path: 'www/src/App.svelte', text: '<p class="big note" title={t("app.title")}>{t("app.hello")} · {n} × {m}</p>' }],
});
