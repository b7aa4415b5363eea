// A span of time as the reader says it.
import { n, t } from '../../i18n/index.svelte.ts';

export function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 60) return t('home.stat-seconds', { n: n(seconds, 1) });
  return t('home.stat-minutes', { m: n(Math.floor(seconds / 60)), s: n(Math.floor(seconds % 60)) });
}
