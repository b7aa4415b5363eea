// What every exercise's texts promise. The schema is checked where they are compiled, the judge where they are solved.
import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { readSource, repositoryPaths } from './rule.ts';

const exercises = repositoryPaths()
  .map((path) => /^www\/exercises\/([^/]+)\/exercise\.toml$/.exec(path)?.[1])
  .filter((id) => id !== undefined);

/** Python without comments, docstring and blank lines, as lines. */
export function bare(source: string): string[] {
  return source
    .replace(/^"""[\s\S]*?"""\n/, '')
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, '').trimEnd())
    .filter((line) => line !== '');
}

/** The code of the solution section: the first fence after its marker. */
export function printedSolution(markdown: string): string {
  const section = markdown.split('<!-- section: solution -->')[1]?.split('<!-- section:')[0] ?? '';
  return /```python\n([\s\S]*?)```/.exec(section)?.[1] ?? '';
}

describe('The solution that a text prints is the solution that passes', () => {
  // The comments are in the reader's language; the code must not differ, or the text would teach what nobody proved.
  it.each(exercises.flatMap((id) => ['zh', 'en'].map((language) => [id, language])))('%s, %s', (id, language) => {
    const printed = printedSolution(readSource(`www/exercises/${id}/${language}.md`).text);
    expect(bare(printed)).toEqual(bare(readSource(`www/exercises/${id}/solution.py`).text));
  });

  it('would notice a difference, and only one in code', () => {
    expect(bare('x = 1  # one\n\n')).toEqual(bare('# first\nx = 1\n'));
    expect(bare('x = 1\n')).not.toEqual(bare('x = 2\n'));
    expect(printedSolution('<!-- section: hint-3 -->\n```python\na\n```\n<!-- section: solution -->\n```python\nb\n```\n')).toBe('b\n');
  });

  it('reads exercises', () => expect(exercises.length).toBeGreaterThan(0));
});

interface Planted {
  file: string;
}

describe('Every planted wrong answer says what is wrong with it and is used', () => {
  it.each(exercises)('%s', (id) => {
    const folder = `www/exercises/${id}/`;
    const files = repositoryPaths()
      .filter((path) => path.startsWith(`${folder}wrong/`) || path.startsWith(`${folder}torch/`))
      .map((path) => path.slice(folder.length))
      .filter((file) => !/^torch\/(stub|solution)\.py$/.test(file));
    const { wrong, torch } = parse(readSource(`${folder}exercise.toml`).text) as { wrong: Planted[]; torch?: { wrong: Planted[] } };
    const named = [...wrong.map(({ file }) => `wrong/${file}`), ...(torch?.wrong ?? []).map(({ file }) => `torch/${file}`)];
    expect(files.sort()).toEqual(named.sort());
    for (const file of files) expect(readSource(folder + file).text, file).toMatch(/^"""\S[\s\S]*?\."""\n/);
  });
});
