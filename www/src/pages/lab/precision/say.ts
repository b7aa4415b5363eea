// How the room writes numbers.
import { formats, type FormatName } from '../../../../workers/precision/formats.ts';
import { n } from '../../../i18n/index.svelte.ts';
import type { WayName } from '../../../lab/precision.svelte.ts';

const raised: Record<string, string> = { '-': '⁻', 0: '⁰', 1: '¹', 2: '²', 3: '³', 4: '⁴', 5: '⁵', 6: '⁶', 7: '⁷', 8: '⁸', 9: '⁹' };
export const power = (exponent: number): string => `2${[...String(exponent)].map((sign) => raised[sign] ?? sign).join('')}`;

/** Ten digits at most; what is no number by its sign. */
export function valueText(x: number): string {
  if (Number.isNaN(x)) return 'NaN';
  if (!Number.isFinite(x)) return x < 0 ? '−inf' : 'inf';
  if (Object.is(x, -0)) return '−0';
  return String(Number(x.toPrecision(10))).replace('-', '−').replace('e−', 'e-').replace(/e\+/, 'e');
}

export const names: Record<FormatName, string> = { f32: 'float32', bf16: 'bfloat16', f16: 'float16', e5m2: 'FP8 E5M2', e4m3: 'FP8 E4M3' };
export const formatList = Object.values(formats);

/** Colours and dashes of the ways' lines, wherever they are drawn. */
export const slots: Record<WayName, number> = { f32: 5, f16: 0, 'f16-static': 2, 'f16-dynamic': 1, bf16: 3 };

export function bytesText(bytes: number): string {
  if (bytes === 0) return '–';
  const [unit, size] = bytes >= 1e12 ? ['TB', 1e12] : bytes >= 1e9 ? ['GB', 1e9] : bytes >= 1e6 ? ['MB', 1e6] : ['kB', 1e3];
  return `${n(bytes / size, bytes / size < 100 ? 2 : 0)} ${unit}`;
}
