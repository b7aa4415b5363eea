// A sentence's {placeholders} and plural forms, filled.

/** A number is written in the reader's way (8,000); a string is put in as it is. */
export type Fields = Record<string, string | number>;

/** `{name}`, or `{name:one|other}`: the word that goes with the number of that name, as in `{n} {n:run|runs}`. */
const holes = /\{([\w-]+)(?::([^{}|]*)\|([^{}|]*))?\}/g;

export function fill(template: string, fields: Fields, locale: string): string {
  return template.replace(holes, (whole, name: string, one?: string, other?: string) => {
    const value = fields[name];
    if (value === undefined) return whole;
    if (one !== undefined) return String(value) === '1' ? one : other!;
    return typeof value === 'number' ? value.toLocaleString(locale) : value;
  });
}
