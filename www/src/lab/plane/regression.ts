// Least squares by a formula, in f64, and what decides how gradient descent goes: the eigenvalues of the loss's Hessian.
import type { Point } from './points.ts';

/** Powers 1 … degree of x, scaled or not; a column of ones for the intercept comes last. */
export interface Design {
  degree: number;
  /** Of each power; 0 and 1 where it is not scaled. */
  means: number[];
  deviations: number[];
}

export function designOf(points: readonly Point[], degree: number, scaled: boolean): Design {
  const powers = Array.from({ length: degree }, (_, at) => points.map(({ x }) => x ** (at + 1)));
  const means = powers.map((values) => (scaled ? values.reduce((a, b) => a + b, 0) / values.length : 0));
  const deviations = powers.map((values, at) => {
    const spread = Math.sqrt(values.reduce((all, value) => all + (value - means[at]!) ** 2, 0) / values.length);
    return scaled && spread > 1e-12 ? spread : 1;
  });
  return { degree, means, deviations };
}

/** One row: the features of x. */
export const rowOf = ({ degree, means, deviations }: Design, x: number): number[] =>
  Array.from({ length: degree }, (_, at) => (x ** (at + 1) - means[at]!) / deviations[at]!);

/** The answer at x; the weights are those of the features, and then the intercept. */
export function answer(design: Design, weights: ArrayLike<number>, x: number): number {
  return rowOf(design, x).reduce((all, feature, at) => all + feature * weights[at]!, weights[design.degree]!);
}

/** L = (1/N) Σ (ŷ − y)² + λ Σ w²; the intercept is not penalised. */
export function lossOf(design: Design, points: readonly Point[], weights: ArrayLike<number>, ridge: number): number {
  const squares = points.reduce((all, { x, y }) => all + (answer(design, weights, x) - y) ** 2, 0) / points.length;
  let penalty = 0;
  for (let at = 0; at < design.degree; at += 1) penalty += weights[at]! ** 2;
  return squares + ridge * penalty;
}

/** H = (2/N) XᵀX + 2λ diag(1, …, 1, 0), of features and intercept. */
export function hessian(design: Design, points: readonly Point[], ridge: number): number[][] {
  const rows = points.map(({ x }) => [...rowOf(design, x), 1]);
  const size = design.degree + 1;
  return Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => (2 / rows.length) * rows.reduce((all, row) => all + row[i]! * row[j]!, 0) + (i === j && i < design.degree ? 2 * ridge : 0)),
  );
}

/** Eigenvalues, the largest first, and their unit vectors, of a symmetric matrix: Jacobi's rotations (Golub and Van Loan,
 *  Matrix Computations, 8.5). */
export function eigen(matrix: readonly (readonly number[])[]): { values: number[]; vectors: number[][] } {
  const a = matrix.map((row) => [...row]);
  const size = a.length;
  const v = a.map((_, i) => a.map((_, j) => (i === j ? 1 : 0)));
  for (let sweep = 0; sweep < 60; sweep += 1) {
    let rest = 0;
    for (let p = 0; p < size; p += 1) {
      for (let q = p + 1; q < size; q += 1) {
        const apq = a[p]![q]!;
        rest += apq * apq;
        if (apq === 0) continue;
        const theta = (a[q]![q]! - a[p]![p]!) / (2 * apq);
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const c = 1 / Math.sqrt(t * t + 1);
        const s = t * c;
        for (const m of [a, v]) {
          for (const row of m) {
            const [one, two] = [row[p]!, row[q]!];
            row[p] = c * one - s * two;
            row[q] = s * one + c * two;
          }
        }
        for (let k = 0; k < size; k += 1) {
          const [one, two] = [a[p]![k]!, a[q]![k]!];
          a[p]![k] = c * one - s * two;
          a[q]![k] = s * one + c * two;
        }
      }
    }
    if (rest < 1e-300) break;
  }
  const order = a.map((row, at) => ({ value: row[at]!, vector: v.map((line) => line[at]!) })).sort((x, y) => y.value - x.value);
  return { values: order.map(({ value }) => value), vectors: order.map(({ vector }) => vector) };
}

/** The least-squares solution of rows · w = targets by Householder reflections, without forming XᵀX; undetermined
 *  directions are left at 0 (Golub and Van Loan, 5.3). */
export function leastSquares(rows: readonly (readonly number[])[], targets: readonly number[]): number[] {
  const a = rows.map((row) => [...row]);
  const y = [...targets];
  const [height, width] = [a.length, a[0]?.length ?? 0];
  for (let k = 0; k < Math.min(height, width); k += 1) {
    let norm = 0;
    for (let i = k; i < height; i += 1) norm = Math.hypot(norm, a[i]![k]!);
    if (norm === 0) continue;
    const alpha = a[k]![k]! > 0 ? -norm : norm;
    const u = a.map((row, i) => (i < k ? 0 : i === k ? row[k]! - alpha : row[k]!));
    const length = u.reduce((all, value) => all + value * value, 0);
    if (length === 0) continue;
    for (let j = k; j < width; j += 1) {
      const along = (2 * a.reduce((all, row, i) => all + u[i]! * row[j]!, 0)) / length;
      for (let i = k; i < height; i += 1) a[i]![j]! -= along * u[i]!;
    }
    const along = (2 * y.reduce((all, value, i) => all + u[i]! * value, 0)) / length;
    for (let i = k; i < height; i += 1) y[i]! -= along * u[i]!;
  }
  const w = new Array<number>(width).fill(0);
  const largest = Math.max(0, ...a.slice(0, width).map((row, at) => Math.abs(row[at] ?? 0)));
  for (let k = Math.min(height, width) - 1; k >= 0; k -= 1) {
    if (Math.abs(a[k]![k]!) <= 1e-12 * largest) continue;
    let rest = y[k]!;
    for (let j = k + 1; j < width; j += 1) rest -= a[k]![j]! * w[j]!;
    w[k] = rest / a[k]![k]!;
  }
  return w;
}

/** The minimiser of L: the points centred, so that the intercept needs no column, and √(Nλ) e_i below them with target 0. */
export function closedForm(design: Design, points: readonly Point[], ridge: number): number[] {
  const n = points.length;
  const rows = points.map(({ x }) => rowOf(design, x));
  const means = Array.from({ length: design.degree }, (_, at) => rows.reduce((all, row) => all + row[at]!, 0) / n);
  const mean = points.reduce((all, { y }) => all + y, 0) / n;
  const centred = rows.map((row) => row.map((value, at) => value - means[at]!));
  const targets = points.map(({ y }) => y - mean);
  if (ridge > 0) {
    for (let at = 0; at < design.degree; at += 1) {
      centred.push(means.map((_, other) => (other === at ? Math.sqrt(n * ridge) : 0)));
      targets.push(0);
    }
  }
  const w = leastSquares(centred, targets);
  return [...w, mean - w.reduce((all, value, at) => all + value * means[at]!, 0)];
}

export interface Landscape {
  design: Design;
  best: number[];
  least: number;
  /** Of the Hessian, the largest first. */
  values: number[];
  vectors: number[][];
  /** λ_max / λ_min; infinite where a direction is flat. */
  condition: number;
  /** Gradient descent diverges above 2 / λ_max. */
  limit: number;
  /** 2 / (λ_max + λ_min): the rate at which the slowest direction is fastest. */
  quickest: number;
}

export function landscape(points: readonly Point[], degree: number, scaled: boolean, ridge: number): Landscape {
  const design = designOf(points, degree, scaled);
  const best = closedForm(design, points, ridge);
  const { values, vectors } = eigen(hessian(design, points, ridge));
  const [most, fewest] = [values[0]!, Math.max(0, values.at(-1)!)];
  const flat = fewest <= 1e-13 * most;
  return { design, best, least: lossOf(design, points, best, ridge), values, vectors, condition: flat ? Infinity : most / fewest, limit: 2 / most, quickest: 2 / (most + fewest) };
}
