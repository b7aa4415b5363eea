// The texts that the lab's language model trains on before the reader pastes one: our own answers to the interview
// questions, as plain text, in build/data/corpus.{zh,en}.txt.
// Usage: node www/scripts/corpus.mjs [source folder] [target folder]
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../', import.meta.url));

/** Prose without formulas, links' addresses, and the marks of Markdown; the sources are left out. */
export function plainText(markdown) {
  const [, ...sections] = markdown.split(/^<!-- section: ([\w-]+) -->$/m);
  let text = '';
  for (let at = 0; at < sections.length; at += 2) if (sections[at] !== 'sources') text += sections[at + 1];
  return text
    .replace(/```[\s\S]*?```/g, '')
    .replace(/\$\$[\s\S]*?\$\$/g, '')
    // A sentence that leans on a formula makes none without it.
    .replace(/^.*\$.*$/gm, '')
    .replace(/^\|.*\|$/gm, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/<[^>]+>/g, '')
    .replace(/^\s*(?:#+|[-*>]|\d+\.)\s+/gm, '')
    .replace(/[*`]/g, '')
    .replace(/[ \t]+/g, ' ')
    .replace(/\n\s*\n+/g, '\n')
    .trim();
}

export function writeCorpora(source, target) {
  mkdirSync(target, { recursive: true });
  return ['zh', 'en'].map((language) => {
    const files = readdirSync(source).sort().map((id) => join(source, id, `${language}.md`));
    const text = files.filter((file) => existsSync(file)).map((file) => plainText(readFileSync(file, 'utf8'))).join('\n') + '\n';
    const path = join(target, `corpus.${language}.txt`);
    if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
    return [...text].length;
  });
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [source = join(repository, 'www/questions'), target = join(repository, 'build/data')] = process.argv.slice(2);
  const [zh, en] = writeCorpora(source, target);
  console.log(`corpus: ${zh} characters in Chinese, ${en} in English`);
}
