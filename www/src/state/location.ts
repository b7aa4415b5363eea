// The page's address after the #: a path and a query, so that any static host can serve every page.
export interface Location {
  /** Starts with a slash: `/`, `/exercises/stable-softmax`. */
  path: string;
  query: URLSearchParams;
}

export function parseHash(hash: string): Location {
  const text = hash.replace(/^#/, '');
  const mark = text.indexOf('?');
  const rawPath = mark < 0 ? text : text.slice(0, mark);
  const path = `/${rawPath.replace(/^\/+|\/+$/g, '')}`;
  return { path, query: new URLSearchParams(mark < 0 ? '' : text.slice(mark + 1)) };
}

export function formatHash(path: string, query?: URLSearchParams): string {
  const text = query?.toString() ?? '';
  return `#${path}${text ? `?${text}` : ''}`;
}

/** Matches `/exercises/:id` against a path; the named parts, or undefined where it doesn't match. */
export function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const parts: Record<string, string> = {};
  for (const [index, piece] of wanted.entries()) {
    const value = given[index] ?? '';
    if (piece.startsWith(':')) {
      try {
        parts[piece.slice(1)] = decodeURIComponent(value);
      } catch {
        return undefined; // A malformed escape such as %E0%A4%A is no page of ours.
      }
    } else if (piece !== value) return undefined;
  }
  return parts;
}
