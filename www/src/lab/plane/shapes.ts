// Broadcasting, as NumPy's manual has it ("Broadcasting": shapes are compared from the right; two lengths go together
// where they are equal or one of them is 1), and what the backward pass sums over.
export type Shape = readonly number[];

export const mostShapes = 3;
export const mostAxes = 6;
const mostLength = 1_000_000_000;

export type ShapeProblem = { code: 'none' | 'many' | 'axes' | 'number'; got: string; at: number };

/** Shapes as a reader types them: `8,1,6;7,1`, with or without brackets; an empty one is a number's, (). */
export function readShapes(text: string): { shapes: number[][]; problem: ShapeProblem | null } {
  const written = text.split(';');
  const shapes: number[][] = [];
  const wrong = (code: ShapeProblem['code'], got: string, at: number) => ({ shapes: [], problem: { code, got, at } });
  if (written.length < 1 || text.trim() === '') return wrong('none', text, 0);
  if (written.length > mostShapes) return wrong('many', String(written.length), 0);
  for (const [at, part] of written.entries()) {
    const inner = part.trim().replace(/^[([]/, '').replace(/[)\]]$/, '').replace(/,\s*$/, '').trim();
    const lengths = inner === '' ? [] : inner.split(/\s*[,×x*]\s*|\s+/);
    if (lengths.length > mostAxes) return wrong('axes', part.trim(), at);
    const bad = lengths.find((length) => !/^\d{1,10}$/.test(length) || Number(length) > mostLength);
    if (bad !== undefined) return wrong('number', bad, at);
    shapes.push(lengths.map(Number));
  }
  return { shapes, problem: null };
}

export const shapeText = (shape: Shape): string => (shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`);

/** One axis of the result, counted from the right: what each shape has there; null where it has no such axis. */
export interface Column {
  /** −1 is the last. */
  axis: number;
  lengths: (number | null)[];
  /** Undefined where they clash. */
  result: number | undefined;
  /** Which shapes are stretched here. */
  stretched: boolean[];
}

export interface Broadcast {
  /** The first axis first. */
  columns: Column[];
  /** Null where an axis clashes. */
  result: number[] | null;
  /** The clash that NumPy's rule meets first, from the right, and the two lengths. */
  clash: { axis: number; lengths: [number, number] } | null;
}

export function broadcast(shapes: readonly Shape[]): Broadcast {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  const columns: Column[] = [];
  let clash: Broadcast['clash'] = null;
  for (let axis = -1; axis >= -rank; axis -= 1) {
    const lengths = shapes.map((shape) => shape.at(axis) ?? null);
    const wide = [...new Set(lengths.filter((length): length is number => length !== null && length !== 1))];
    const result = wide.length > 1 ? undefined : (wide[0] ?? 1);
    if (wide.length > 1) clash ??= { axis, lengths: [wide[0]!, wide[1]!] };
    columns.unshift({ axis, lengths, result, stretched: lengths.map((length) => result !== undefined && length !== result) });
  }
  return { columns, result: clash ? null : columns.map(({ result }) => result!), clash };
}

/** The axes of the result (from 0) that the gradient of this operand is summed over: those that it was stretched along. */
export function summedAxes(shape: Shape, result: Shape): number[] {
  const front = result.length - shape.length;
  return result.flatMap((length, axis) => (axis < front || (shape[axis - front] === 1 && length !== 1) ? [axis] : []));
}

/** Where an entry of the result comes from in an operand. */
export function sourceOf(index: readonly number[], shape: Shape): number[] {
  const front = index.length - shape.length;
  return shape.map((length, axis) => (length === 1 ? 0 : index[axis + front]!));
}
