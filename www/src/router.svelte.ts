// Where the reader is, as reactive state over location.hash.
import { formatHash, parseHash, type Location } from './state/location.ts';

let current = $state.raw<Location>(parseHash(window.location.hash));
window.addEventListener('hashchange', () => (current = parseHash(window.location.hash)));

export function here(): Location {
  return current;
}

/** The href of a page of ours: `<a href={href('/exercises')}>`. */
export function href(path: string, query?: URLSearchParams): string {
  return formatHash(path, query);
}

export function go(path: string, query?: URLSearchParams) {
  window.location.hash = formatHash(path, query);
}

/** Writes the query of the present page without a new entry in the history. */
export function replaceQuery(query: URLSearchParams) {
  const hash = formatHash(current.path, query);
  if (hash === window.location.hash || (hash === '#/' && window.location.hash === '')) return;
  history.replaceState(history.state, '', hash);
  current = parseHash(hash);
}
