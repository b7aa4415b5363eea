// The page's language: the browser's at first, the reader's choice from then on.
import { languages, type Key, type Language } from './catalogue.ts';
import { fill, locales, sentence, translate, type Fields } from './format.ts';

export type { Fields, Key, Language };

const remembered = 'danlu.language';

function firstLanguage(): Language {
  const chosen = readChoice();
  if (chosen) return chosen;
  for (const wanted of navigator.languages) {
    const language = languages.find((known) => wanted.toLowerCase().startsWith(known));
    if (language) return language;
  }
  return 'en';
}

function readChoice(): Language | undefined {
  try {
    return languages.find((known) => known === localStorage.getItem(remembered));
  } catch {
    return undefined; // Storage is refused in some private windows; the page works without it.
  }
}

let current = $state<Language>(firstLanguage());
applyToDocument();

function applyToDocument() {
  document.documentElement.lang = locales[current];
}

export function language(): Language {
  return current;
}

export function setLanguage(next: Language) {
  current = next;
  applyToDocument();
  try {
    localStorage.setItem(remembered, next);
  } catch {
    // The choice then lasts for this visit.
  }
}

/** The reader's sentence for a key; reads the language reactively. */
export function t(key: Key, fields?: Fields): string {
  return translate(current, key, fields);
}

/** The reader's sentence for an error's code; an unknown code is shown as it is, with its fields. */
export function tError(code: string, fields: Fields = {}): string {
  const template = sentence(current, `errors.${code}`);
  if (template !== undefined) return fill(template, fields, current);
  const details = Object.entries(fields).map(([name, value]) => `${name}: ${value}`);
  return translate(current, 'errors.unknown', { code: [code, ...details].join(', ') });
}

/** A number in the reader's way, with a fixed count of decimals where digits must not jump. */
export function n(value: number, decimals = 0): string {
  return value.toLocaleString(locales[current], { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

export function percent(fraction: number, decimals = 1): string {
  return `${n(fraction * 100, decimals)}%`;
}
