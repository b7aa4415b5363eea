// In what two and more specs differ, field by field: `strategy.optimizer.learning_rate`.
import type { LabSpec } from './spec.ts';

/** A leaf of every field by its path; lists of layers count as one leaf each layer. */
function leaves(value: unknown, path: string, into: Map<string, string>) {
  if (value === undefined || value === null) return;
  if (typeof value !== 'object') {
    into.set(path, String(value));
    return;
  }
  if (Array.isArray(value)) {
    if (value.every((one) => typeof one !== 'object')) into.set(path, `[${value.join(', ')}]`);
    else value.forEach((one, at) => leaves(one, `${path}[${at}]`, into));
    return;
  }
  for (const [name, part] of Object.entries(value)) leaves(part, path ? `${path}.${name}` : name, into);
}

/** Paths that are not the same in all specs, with the value of each; undefined where one lacks it. */
export function differences(specs: readonly LabSpec[]): { path: string; values: (string | undefined)[] }[] {
  const tables = specs.map((spec) => {
    const into = new Map<string, string>();
    // `adam` and `{type: "adam"}` are the same; so are a schedule's and a loss's names.
    const named = (part: unknown) => (typeof part === 'string' ? { type: part } : part);
    const { optimizer, schedule, loss } = spec.strategy;
    leaves({ ...spec, strategy: { ...spec.strategy, optimizer: named(optimizer), schedule: named(schedule), loss: named(loss) } }, '', into);
    return into;
  });
  const paths = [...new Set(tables.flatMap((table) => [...table.keys()]))];
  const all = paths
    .map((path) => ({ path, values: tables.map((table) => table.get(path)) }))
    .filter(({ values }) => values.some((value) => value !== values[0]));
  // The same field turned in the same way in many layers is one difference.
  const merged = new Map<string, { path: string; values: (string | undefined)[] }>();
  for (const { path, values } of all) {
    const anywhere = path.replace(/^model\.(layers|nodes)\[\d+\]/, 'model.$1[*]');
    const key = `${anywhere} ${JSON.stringify(values)}`;
    merged.set(key, { path: merged.has(key) ? anywhere : path, values });
  }
  return [...merged.values()];
}

/** The path's last words, which mostly tell enough: `learning_rate`, `layers[2].rate`. */
export function shortPath(path: string): string {
  const parts = path.replace(/^(strategy|model|data)\./, '').split('.');
  if (/^(layers|nodes)\[\*\]$/.test(parts[0]!)) return parts.slice(1).join('.');
  return parts.length > 1 && parts[0] === 'optimizer' ? parts.slice(1).join('.').replace(/^type$/, 'optimizer') : parts.join('.').replace(/\.type$/, '');
}
