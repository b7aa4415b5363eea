/** Where numbers lie on an axis, linear or logarithmic, and how a curve with gaps is drawn on it. */

export interface Scale {
  low: number;
  high: number;
  log: boolean;
}

/** Below this a logarithmic axis shows no more. */
const LEAST = 1e-12;

/** An axis that holds all finite values; a linear one of what is never negative begins at zero. */
export function scaleOf(values: number[], log: boolean, high?: number): Scale {
  const finite = values.filter((value) => Number.isFinite(value)).map((value) => (log ? Math.max(value, LEAST) : value));
  if (finite.length === 0) return { low: log ? 0.1 : 0, high: high ?? 1, log };
  let least = finite[0]!;
  let most = finite[0]!;
  for (const value of finite) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  if (log) return { low: 10 ** Math.floor(Math.log10(least)), high: 10 ** Math.max(Math.ceil(Math.log10(most)), Math.floor(Math.log10(least)) + 1), log };
  const top = high ?? (most > 0 ? most * 1.05 : 1);
  return { low: Math.min(0, least), high: top > Math.min(0, least) ? top : top + 1, log };
}

/** Both ends and the middle, each once: within one decade the middle power of ten is one of the ends. */
export function ticksOf({ low, high, log }: Scale): number[] {
  if (!log) return [...new Set([low, low + (high - low) / 2, high])];
  const [least, most] = [Math.round(Math.log10(low)), Math.round(Math.log10(high))];
  return [...new Set([least, Math.round((least + most) / 2), most])].map((power) => 10 ** power);
}

/** 0 at the bottom, 1 at the top. */
export function place(value: number, { low, high, log }: Scale): number {
  if (log) return (Math.log10(Math.max(value, LEAST)) - Math.log10(low)) / (Math.log10(high) - Math.log10(low));
  return (value - low) / (high - low);
}

/** The path of a curve over its steps; what is no finite number is a gap. */
export function pathOf(values: number[], of: number, scale: Scale, width: number, height: number): string {
  let path = '';
  let pen = 'M';
  values.forEach((value, step) => {
    if (!Number.isFinite(value)) {
      pen = 'M';
      return;
    }
    const x = of > 1 ? (step / (of - 1)) * width : 0;
    const y = (1 - Math.min(1, Math.max(0, place(value, scale)))) * height;
    path += `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;
    pen = 'L';
  });
  return path;
}

/** The first step whose value is no finite number, or -1. */
export const firstBroken = (values: number[]): number => values.findIndex((value) => !Number.isFinite(value));
