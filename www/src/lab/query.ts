// A room's settings in its address: only what differs from the usual stands there, each under its own name.

export type Bounds = readonly [least: number, most: number];

/** What the address of a room may say. */
export interface Table<S> {
  usual: S;
  /** Of its numbers; those of `real` need not be whole. */
  bounds: Partial<Record<keyof S, Bounds>>;
  real?: readonly (keyof S)[];
  /** The choices of what is a word. A yes or no needs none. */
  words: Partial<Record<keyof S, readonly string[]>>;
  /** Of texts in a form of their own: which are right, and one that is. */
  texts?: Partial<Record<keyof S, { fits: (text: string) => boolean; expected: string }>>;
}

/** What an address says that cannot be. */
export interface Refusal {
  name: string;
  got: string;
  expected: string;
}

export function queryOf<S extends object>({ usual }: Table<S>, settings: S): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of Object.keys(usual) as (keyof S & string)[]) if (settings[name] !== usual[name]) query.set(name, String(settings[name]));
  return query;
}

/** The settings of an address; what is wrong in it is the usual. */
export function settingsOf<S extends object>(table: Table<S>, query: URLSearchParams): { settings: S; refused: Refusal[] } {
  const settings = { ...table.usual } as Record<string, unknown>;
  const refused: Refusal[] = [];
  for (const [name, got] of query) {
    const range = table.bounds[name as keyof S];
    const words = typeof settings[name] === 'boolean' ? ['false', 'true'] : table.words[name as keyof S];
    if (range) {
      const pattern = table.real?.includes(name as keyof S) ? /^-?\d+(\.\d+)?(e-?\d+)?$/i : /^-?\d+$/;
      const number = pattern.test(got) ? Number(got) : NaN;
      if (number >= range[0] && number <= range[1]) settings[name] = number;
      else refused.push({ name, got, expected: range.join('–') });
    } else if (table.texts?.[name as keyof S]) {
      const { fits, expected } = table.texts[name as keyof S]!;
      if (fits(got)) settings[name] = got;
      else refused.push({ name, got, expected });
    } else if (words) {
      if (!words.includes(got)) refused.push({ name, got, expected: words.join(', ') });
      else settings[name] = typeof settings[name] === 'boolean' ? got === 'true' : got;
    } else {
      refused.push({ name, got, expected: Object.keys(table.usual).join(', ') });
    }
  }
  return { settings: settings as S, refused };
}
