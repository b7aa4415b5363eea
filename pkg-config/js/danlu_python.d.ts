/** The bindings of one engine that isn't started yet; `load` of index.js starts it. */
export function createGlue(): unknown;
