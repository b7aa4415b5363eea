/** Amounts of very different sizes, with three digits and the unit that suits them. */
import type { Line } from './calculators/types.ts';

const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];

/** 1536 → `1.50 KiB`. Memory is counted in powers of 1,024, as cards and allocators do. */
export function bytes(value: number): string {
  const power = value < 1 ? 0 : Math.min(BINARY.length - 1, Math.floor(Math.log2(value) / 10));
  return `${digits(value / 1024 ** power, power === 0)} ${BINARY[power]}`;
}

function digits(value: number, whole: boolean): string {
  if (whole) return String(Math.round(value));
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** 315000000000000000000000 → `3.15 × 10²³`; small ones in full. */
export function count(value: number): string {
  if (value === 0) return '0';
  if (value < 1e6) return value.toLocaleString('en-US', { maximumFractionDigits: value < 100 ? 2 : 0 });
  const power = Math.floor(Math.log10(value) + 1e-12);
  const raised = [...String(power)].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join('');
  return `${(value / 10 ** power).toFixed(2)} × 10${raised}`;
}

/** What stands beside a line of a calculator; `say` puts days and times into the reader's words. */
export function amount({ value, unit }: Line, say: (key: 'days' | 'times', n: string) => string): string {
  if (unit === 'bytes') return bytes(value);
  if (unit === 'flops') return `${count(value)} FLOP`;
  if (unit === 'percent') return `${(value * 100).toFixed(1)} %`;
  if (unit === 'count') return count(value);
  return say(unit, value < 10 ? value.toFixed(2) : count(Math.round(value)));
}
