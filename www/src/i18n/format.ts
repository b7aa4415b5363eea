// From a sentence with {placeholders} to the sentence the reader sees.
import { catalogue, type Key, type Language } from './catalogue.ts';

/** A number is written in the reader's way (8,000); a string is put in as it is. */
export type Fields = Record<string, string | number>;

export const locales: Record<Language, string> = { zh: 'zh-CN', en: 'en' };

export function sentence(language: Language, key: string): string | undefined {
  const dot = key.indexOf('.');
  const area = (catalogue[language] as Record<string, Record<string, string>>)[key.slice(0, dot)];
  return area?.[key.slice(dot + 1)];
}

export function fill(template: string, fields: Fields, language: Language): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = fields[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? value.toLocaleString(locales[language]) : value;
  });
}

export function translate(language: Language, key: Key, fields: Fields = {}): string {
  const template = sentence(language, key);
  if (template === undefined) throw new Error(`no sentence for ${key} in ${language}`);
  return fill(template, fields, language);
}
