// Python source being written: values, names and indented lines.

/** A value as Python writes it. */
export function py(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (Array.isArray(value)) return value.length === 1 ? `(${py(value[0])},)` : `(${value.map(py).join(', ')})`;
  if (typeof value === 'number') return number(value);
  return JSON.stringify(value);
}

export const list = (values: unknown[]) => `[${values.map(py).join(', ')}]`;

/** JavaScript's `1e-7` is Python's too; only what isn't finite is written otherwise. */
function number(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'float("nan")' : `float("${value < 0 ? '-' : ''}inf")`;
}

/** Arguments of a call: those given by place, then those by name; undefined ones are left out. */
export function call(name: string, placed: unknown[], named: Record<string, unknown> = {}): string {
  const words = Object.entries(named).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value instanceof Raw ? value.code : py(value)}`]));
  return `${name}(${[...placed.map((value) => (value instanceof Raw ? value.code : py(value))), ...words].join(', ')})`;
}

/** Code within an argument. */
export class Raw {
  constructor(readonly code: string) {}
}
export const raw = (code: string) => new Raw(code);

export const indented = (lines: string[], by = 4): string[] => lines.map((line) => (line ? ' '.repeat(by) + line : ''));

// What a layer must not be called, lest it hide something.
const reserved = new Set(
  ('False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda ' +
    'nonlocal not or pass raise return try while with yield self super x torch nn F keras np forward train eval predict parameters modules ' +
    'buffers children half float double type to cpu cuda zero_grad state_dict load_state_dict register_buffer add_module apply training call').split(' '),
);

/** Gives each name an identifier of its own. */
export class Identifiers {
  #known = new Map<string, string>();
  #taken = new Set<string>();

  of(name: string): string {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    let base = name.normalize('NFKD').replace(/[^A-Za-z0-9_]+/g, '_').replace(/^(?=\d)/, '_') || 'layer';
    if (base === '_' || reserved.has(base)) base = `${base === '_' ? 'layer' : base}_`;
    let identifier = base;
    for (let count = 1; this.#taken.has(identifier); count += 1) identifier = `${base}_${count}`;
    this.#known.set(name, identifier);
    this.#taken.add(identifier);
    return identifier;
  }
}
