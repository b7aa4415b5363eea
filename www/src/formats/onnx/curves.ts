// Curves that a file writes out in single operations, recognised by what they compute.
import type { Activation } from 'danlu';
import type { Source } from './source.ts';

type Curve = (x: number) => number;

/** The error function to 1.5e-7 (Abramowitz and Stegun 7.1.26): enough to tell curves apart. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const sum = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - sum * Math.exp(-x * x));
}

const sigmoid: Curve = (x) => 1 / (1 + Math.exp(-x));
const known: [Activation, Curve][] = [
  ['gelu', (x) => 0.5 * x * (1 + erf(x / Math.SQRT2))],
  ['gelu_tanh', (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))],
  ['silu', (x) => x * sigmoid(x)],
];
const points = [-3.1, -1.7, -0.6, -0.1, 0, 0.2, 0.9, 1.6, 2.8];

/** Operations on one number, as far as curves are made of them. */
const single: Record<string, Curve> = { Erf: erf, Tanh: Math.tanh, Sigmoid: sigmoid, Exp: Math.exp, Neg: (x) => -x, Sqrt: Math.sqrt, Reciprocal: (x) => 1 / x };
const pairs: Record<string, (a: number, b: number) => number> = {
  Add: (a, b) => a + b, Sub: (a, b) => a - b, Mul: (a, b) => a * b, Div: (a, b) => a / b, Pow: (a, b) => a ** b,
};

/** A value as a function of one other: all that lies between them works number by number. */
function functionOf(source: Source, value: string, of: string, depth = 12): Curve | undefined {
  if (value === of) return (x) => x;
  const scalar = source.scalar(value);
  if (scalar !== undefined) return () => scalar;
  const node = source.maker(value);
  if (!node || depth === 0) return undefined;
  const inner = single[node.op_type];
  if (inner) {
    const first = functionOf(source, node.input[0]!, of, depth - 1);
    return first && ((x) => inner(first(x)));
  }
  const pair = pairs[node.op_type];
  if (!pair) return undefined;
  const [left, right] = [0, 1].map((at) => functionOf(source, node.input[at]!, of, depth - 1));
  return left && right && ((x) => pair(left(x), right(x)));
}

/** Everything that a value is made of by single operations, nearest first. */
function ancestors(source: Source, value: string): string[] {
  const found: string[] = [];
  let edge = [value];
  for (let depth = 0; depth < 10 && edge.length > 0; depth += 1) {
    const next: string[] = [];
    for (const one of edge) {
      const node = source.maker(one);
      if (node && (node.op_type in single || node.op_type in pairs)) next.push(...node.input.filter((input) => source.constant(input) === undefined));
    }
    edge = [...new Set(next)].filter((one) => !found.includes(one));
    found.push(...edge);
  }
  return found;
}

/** The curve that a product ends, and what it is a curve of. */
export function curveAt(source: Source, value: string): { kind: Activation; of: string } | undefined {
  for (const of of ancestors(source, value)) {
    const curve = functionOf(source, value, of);
    if (!curve) continue;
    const found = known.find(([, other]) => points.every((x) => Math.abs(curve(x) - other(x)) < 2e-6 * (1 + Math.abs(x))));
    if (found) return { kind: found[0], of };
  }
  return undefined;
}
