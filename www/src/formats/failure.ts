// What a file or a model can get wrong, as data: the page builds the reader's sentence from strings/<language>/formats.json.

export type Fields = Record<string, string | number>;

export class FormatFailure extends Error {
  override name = 'FormatFailure';

  constructor(
    readonly code: 'unsayable' | 'malformed' | 'unsupported' | 'unfit',
    readonly fields: Fields,
  ) {
    super(`${code} ${JSON.stringify(fields)}`);
  }
}

/** A layer or a setting that the format has no words for. */
export const unsayable = (format: string, place: string, what: string) =>
  new FormatFailure('unsayable', { format, place, what });

/** A file that isn't what its format says; `place` is an offset or an entry. */
export const malformed = (file: string, place: string | number, expected: string, got: string) =>
  new FormatFailure('malformed', {
    file,
    place: typeof place === 'number' ? `@${place}` : place,
    expected,
    got: got.length > 80 ? `${got.slice(0, 80)}…` : got,
  });

/** A sound file that says something the engine doesn't know. */
export const unsupported = (file: string, place: string, expected: string, got: string) =>
  new FormatFailure('unsupported', { file, place, expected, got });
