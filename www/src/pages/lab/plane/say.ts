// Numbers of this room as words.
import { n } from '../../../i18n/index.svelte.ts';

/** A few significant digits; what is no finite number by its sign. */
export function short(value: number, digits = 3): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 1e6 || size < 1e-4) return value.toExponential(digits - 1).replace('-', '−').replace('e+', 'e').replace('e-', 'e−');
  const decimals = Math.max(0, Math.min(8, digits - 1 - Math.floor(Math.log10(size))));
  return n(value, decimals).replace('-', '−');
}

/** Of a loss: four decimals, or powers of ten. */
export const lossText = (value: number): string => (Number.isFinite(value) && Math.abs(value) < 1e4 && (value === 0 || Math.abs(value) >= 1e-3) ? n(value, 4) : short(value));
