/** Finds exercises by words of either language, by pinyin, by initials, or by a mixture as one types it. */
import type { ExerciseSummary } from './format.ts';

/** Whether every word of the query is found; an empty query finds all. */
export function finds(query: string, { search }: Pick<ExerciseSummary, 'search'>): boolean {
  const terms = query.normalize('NFKC').toLowerCase().split(/\s+/).filter(Boolean);
  return terms.every((term) => search.words.includes(term) || typesOut(term, search.pinyin));
}

/** Whether the letters type out some syllables in a row, each by its first letters: `fxcb` or `fanxc` for `fan xiang chuan bo`. */
function typesOut(letters: string, pinyin: string): boolean {
  if (letters.length < 2 || !/^[a-z]+$/.test(letters)) return false;
  return pinyin.split('|').some((run) => {
    const syllables = run.split(' ');
    return syllables.some((_, start) => consumes(letters, syllables, start));
  });
}

function consumes(letters: string, syllables: string[], at: number): boolean {
  if (letters === '') return true;
  const syllable = syllables[at];
  if (syllable === undefined) return false;
  let common = 0;
  while (common < syllable.length && syllable[common] === letters[common]) common += 1;
  for (let taken = common; taken > 0; taken -= 1) {
    if (consumes(letters.slice(taken), syllables, at + 1)) return true;
  }
  return false;
}
