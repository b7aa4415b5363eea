// A rule of the house: what it forbids, why, where, and samples that prove that it can fail.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

export const repository = resolve(import.meta.dirname, '../..');

export interface SourceFile {
  /** Relative to the repository, with forward slashes. */
  path: string;
  text: string;
}

export interface Rule {
  /** A sentence: it is the test's name. */
  name: string;
  /** What goes wrong where the rule is broken; printed with every violation. */
  why: string;
  /** Which of the repository's files it reads. */
  reads: (path: string) => boolean;
  /** One line for each violation in this file. */
  find: (file: SourceFile) => string[];
  /** Each of these must be found at fault, or the rule guards nothing. */
  breaks: SourceFile[];
  /** Each of these must be left alone: cases a coarser rule would trip over. */
  allows?: SourceFile[];
}

let paths: string[] | undefined;

/** Every file that git tracks or would track, so that build outputs and node_modules never count. */
export function repositoryPaths(): string[] {
  paths ??= execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: repository,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
    .split('\0')
    .filter((path) => path !== '' && existsSync(join(repository, path)));
  return paths;
}

export function readSource(path: string): SourceFile {
  return { path, text: readFileSync(join(repository, path), 'utf8') };
}

export function holds(rule: Rule): void {
  describe(rule.name, () => {
    it('holds in the repository', () => {
      const files = repositoryPaths().filter(rule.reads).map(readSource);
      // A rule that reads nothing has lost its files, not its violations.
      expect(files.length, 'files read').toBeGreaterThan(0);
      expect(files.flatMap((file) => rule.find(file).map((line) => `${file.path}: ${line}`)), rule.why).toEqual([]);
    });

    it.each(rule.breaks)('is broken by $path: $text', (file) => {
      expect(rule.reads(file.path), 'the rule reads this path').toBe(true);
      expect(rule.find(file)).not.toEqual([]);
    });

    for (const file of rule.allows ?? []) {
      it(`allows ${file.path}: ${file.text}`, () => expect(rule.find(file)).toEqual([]));
    }
  });
}

/** Line and text of every match, `line 3: std::time`. */
export function matches(text: string, pattern: RegExp): string[] {
  const global = new RegExp(pattern.source, pattern.flags.includes('g') ? pattern.flags : `${pattern.flags}g`);
  return [...text.matchAll(global)].map((match) => `line ${text.slice(0, match.index).split('\n').length}: ${match[0].trim()}`);
}

/** Blanks out comments and leaves line numbers and strings as they are (Rust, TypeScript, CSS). */
export function withoutComments(text: string): string {
  const blank = (part: string) => part.replace(/[^\n]/g, ' ');
  // A lifetime such as 'a is no string: a single quote opens one only where it closes on the same line.
  const token = /"(?:\\[\s\S]|[^"\\])*"|'(?:\\.|[^'\\\n])*'|`(?:\\[\s\S]|[^`\\])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
  return text.replace(token, (part) => (part.startsWith('//') || part.startsWith('/*') ? blank(part) : part));
}
