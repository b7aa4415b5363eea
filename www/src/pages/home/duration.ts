// Spans of time and counts of epochs as the reader says them.
import { n, t } from '../../i18n/index.svelte.ts';

export function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 60) return t('home.stat-seconds', { n: n(seconds, 1) });
  return t('home.stat-minutes', { m: n(Math.floor(seconds / 60)), s: n(Math.floor(seconds % 60)) });
}

/** A run stopped inside an epoch has trained, say, 3.4 of them. */
export function epochNumber(count: number): string {
  return n(count, Math.abs(count - Math.round(count)) < 1e-6 ? 0 : 1);
}

export function epochCount(count: number): string {
  return t(Math.abs(count - 1) < 1e-6 ? 'home.epoch-one' : 'home.epoch-many', { n: epochNumber(count) });
}
