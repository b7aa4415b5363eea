// The sentences of the page: both languages know the same ones, and code asks only for those that exist.
import { describe, expect, it } from 'vitest';
import { holds, matches, readSource, repositoryPaths, withoutComments } from './rule.ts';

const areaOf = (path: string) => /^www\/strings\/(zh|en)\/([\w-]+)\.json$/.exec(path);

function sentences(language: string): Map<string, string> {
  const all = new Map<string, string>();
  for (const path of repositoryPaths()) {
    const match = areaOf(path);
    if (match?.[1] !== language) continue;
    for (const [key, text] of Object.entries(JSON.parse(readSource(path).text))) all.set(`${match[2]}.${key}`, String(text));
  }
  return all;
}

/** What one language says and the other doesn't, and placeholders that differ. */
export function differences(zh: Map<string, string>, en: Map<string, string>): string[] {
  const placeholders = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort().join(' ');
  return [
    ...[...zh.keys()].filter((key) => !en.has(key)).map((key) => `${key} is missing in en`),
    ...[...en.keys()].filter((key) => !zh.has(key)).map((key) => `${key} is missing in zh`),
    ...[...zh].filter(([key, text]) => en.has(key) && placeholders(text) !== placeholders(en.get(key)!)).map(([key]) => `${key} names other fields`),
  ];
}

describe('Both languages say the same things', () => {
  it('holds in the repository', () => {
    const zh = sentences('zh');
    expect(zh.size).toBeGreaterThan(0);
    expect(differences(zh, sentences('en'))).toEqual([]);
  });

  it('is broken by a key of one language and by another placeholder', () => {
    expect(differences(new Map([['home.start', '开始']]), new Map())).toHaveLength(1);
    expect(differences(new Map(), new Map([['home.start', 'Start']]))).toHaveLength(1);
    expect(differences(new Map([['home.n', '{n} 步']]), new Map([['home.n', '{count} steps']]))).toHaveLength(1);
  });
});

const known = sentences('en');
const areas = new Set([...known.keys()].map((key) => key.split('.')[0]!));

holds({
  name: 'Every sentence that code asks for exists',
  why: 'The reader would see a key, or an error, in place of a sentence.',
  reads: (path) => /^www\/(src|workers)\/.*\.(ts|svelte)$/.test(path) && !/\.test\.ts$/.test(path),
  find(file) {
    const code = withoutComments(file.text);
    const asked = [...code.matchAll(/\bt\(\s*['"]([\w-]+\.[\w.-]+)['"]/g)].map((match) => match[1]!);
    // Also keys handed on: any literal `area.key` whose area is one of ours, unless it is a file's name.
    const handed = [...code.matchAll(/['"]([a-z]+)\.([\w-]+)['"]/g)]
      .filter((match) => areas.has(match[1]!) && !/^(ts|js|mjs|json|css|py|svelte|html|wasm|svg)$/.test(match[2]!))
      .map((match) => `${match[1]}.${match[2]}`);
    return [...new Set([...asked, ...handed])].filter((key) => !known.has(key));
  },
  breaks: [
    { path: 'www/src/App.svelte', text: '<p>{t("app.no-such-sentence")}</p>' },
    { path: 'www/src/routes.ts', text: "const route = { nav: 'app.nowhere' };" },
  ],
  allows: [
    { path: 'www/src/App.svelte', text: '<p>{t("app.title")}</p>' },
    { path: 'www/src/App.svelte', text: "import x from 'app.css'" },
  ],
});

holds({
  name: 'Sentences carry no exclamation mark and keep Han and Latin apart',
  why: 'The page’s voice is calm, and 中文 and English set without a space are hard to read.',
  reads: (path) => areaOf(path) !== null || /^www\/exercises\/[^/]+\/(zh|en)\.md$/.test(path) || /^README.*\.md$/.test(path),
  find(file) {
    // In prose only: not in code, formulas, links or the table's and images' own marks.
    const prose = file.text
      .replace(/```[\s\S]*?```/g, '')
      .replace(/`[^`\n]*`/g, '')
      .replace(/\$\$[\s\S]*?\$\$/g, '')
      .replace(/\$[^$\n]*\$/g, '')
      .replace(/<!--[\s\S]*?-->/g, '')
      .replace(/!?\]\([^)]*\)|!\[/g, '')
      .replace(/\{\w+\}/g, '');
    return [...matches(prose, /[^\n]{0,12}[!！]/), ...matches(prose, /\p{Script=Han}[A-Za-z0-9]+|[A-Za-z0-9]+\p{Script=Han}/u)];
  },
  breaks: [
    { path: 'www/strings/en/home.json', text: '{"done": "Well done!"}' },
    { path: 'www/strings/zh/home.json', text: '{"done": "训练CNN"}' },
    { path: 'www/exercises/stable-softmax/zh.md', text: '共10行' },
  ],
  allows: [
    { path: 'www/strings/zh/home.json', text: '{"done": "训练 {n} 步 CNN，共 3 轮"}' },
    { path: 'www/exercises/stable-softmax/zh.md', text: '若 `x!=0` 则第 $n!$ 行' },
  ],
});

describe('Every error of the engine has its sentence', () => {
  // The table of src/error.rs: `Variant { field: Kind, … } = "code", "message";`. The errors of `array` are not here:
  // they are raised in Python, in NumPy's own words.
  const table = (text: string) =>
    [...text.matchAll(/\w+ \{([^{}]*)\}\s*=\s*"([a-z_]+)",/g)].map((match) => ({
      code: match[2]!,
      fields: [...match[1]!.matchAll(/(\w+):/g)].map((field) => field[1]!),
    }));
  const problems = (text: string, say: (key: string) => string | undefined) =>
    table(text).flatMap(({ code, fields }) => {
      const said = say(`errors.${code}`);
      if (said === undefined) return [`errors.${code} is missing`];
      const strange = [...said.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!).filter((field) => !fields.includes(field));
      return strange.map((field) => `errors.${code} names {${field}}, which the error does not carry`);
    });

  it('holds in the repository', () => {
    const source = readSource('src/error.rs').text;
    expect(table(source).length).toBeGreaterThan(0);
    for (const language of ['zh', 'en']) {
      const said = sentences(language);
      expect(problems(source, (key) => said.get(key)), language).toEqual([]);
    }
  });

  it('is broken by a missing sentence and by a field that never comes', () => {
    const sample = 'Shape { place: String } = "shape", "{place}";';
    expect(problems(sample, () => undefined)).toHaveLength(1);
    expect(problems(sample, () => 'In {where}')).toHaveLength(1);
    expect(problems(sample, () => 'In {place}')).toEqual([]);
  });
});
