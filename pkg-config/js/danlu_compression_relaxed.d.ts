/** The bindings of one engine that isn't started yet; `load` of compression.js starts it. */
export function createGlue(): unknown;
