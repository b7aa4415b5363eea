// From a sentence with {placeholders} to the sentence the reader sees.
import { catalogue, type Key, type Language } from './catalogue.ts';
import { fill as fillIn, type Fields } from './fill.ts';

export type { Fields };

export const locales: Record<Language, string> = { zh: 'zh-CN', en: 'en' };

export function sentence(language: Language, key: string): string | undefined {
  const dot = key.indexOf('.');
  const area = (catalogue[language] as Record<string, Record<string, string>>)[key.slice(0, dot)];
  return area?.[key.slice(dot + 1)];
}

export function fill(template: string, fields: Fields, language: Language): string {
  return fillIn(template, fields, locales[language]);
}

export function translate(language: Language, key: Key, fields: Fields = {}): string {
  const template = sentence(language, key);
  if (template === undefined) throw new Error(`no sentence for ${key} in ${language}`);
  return fill(template, fields, language);
}
