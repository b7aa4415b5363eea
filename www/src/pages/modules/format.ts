/** What www/scripts/modules.mjs writes into build/modules, how the page fetches it, and what a search finds in it. */

export type Kind = 'class' | 'function' | 'value' | 'method' | 'property';

export interface Member {
  name: string;
  kind: Kind;
  /** As in its definition: `(a, axis=None)`. Empty where it isn't called. */
  signature: string;
  /** Its first sentence, or a value's own text. */
  doc: string;
  /** A class's methods and properties. */
  members?: Member[];
}

/** A sentence for the reader. */
export type Note = Record<'zh' | 'en', string>;

export interface Module {
  name: string;
  doc: Note;
  members: Member[];
}

export interface Package {
  name: string;
  version: string;
  doc: string;
  modules: Module[];
  /** A name of the real package that is refused here, and what comes nearest. */
  missing: [name: string, instead: Note][];
  differences: Note[];
}

export interface PackageSummary {
  name: string;
  count: number;
}

const fetched = new Map<string, Promise<unknown>>();

function fetchJson<T>(name: string): Promise<T> {
  let promise = fetched.get(name) as Promise<T> | undefined;
  if (!promise) {
    promise = fetch(new URL(`modules/${name}.json`, document.baseURI)).then((response) => {
      if (!response.ok) throw new Error(`modules/${name}.json: ${response.status}`);
      return response.json() as Promise<T>;
    });
    fetched.set(name, promise);
    // A failure is forgotten, so that trying again asks again.
    promise.catch(() => fetched.delete(name));
  }
  return promise;
}

export async function loadPackages(): Promise<PackageSummary[]> {
  return (await fetchJson<{ packages: PackageSummary[] }>('index')).packages;
}

export async function loadPackage(name: string): Promise<Package> {
  return fetchJson<Package>(encodeURIComponent(name));
}

/** How many names are listed, those inside classes too. */
export function countNames(modules: Module[]): number {
  const inside = (members: Member[]): number => members.reduce((sum, { members: more = [] }) => sum + 1 + more.length, 0);
  return modules.reduce((sum, { members }) => sum + inside(members), 0);
}

/** The modules with only what has every word of the search in its full name or its sentence. */
export function search(modules: Module[], text: string): Module[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return modules;
  const hit = (path: string, { name, doc }: Member) => {
    const full = `${path}.${name} ${doc}`.toLowerCase();
    return words.every((word) => full.includes(word));
  };
  const within = (path: string, members: Member[]): Member[] =>
    members.flatMap((member) => {
      if (hit(path, member)) return [member];
      const inner = within(`${path}.${member.name}`, member.members ?? []);
      return inner.length > 0 ? [{ ...member, members: inner }] : [];
    });
  return modules
    .map((module) => ({ ...module, members: within(module.name, module.members) }))
    .filter(({ members }) => members.length > 0);
}
