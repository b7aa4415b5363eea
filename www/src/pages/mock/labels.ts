/** What the parts of a mock interview are called. */
import { t } from '../../i18n/index.svelte.ts';
import type { Part } from '../../question/mock/mock.ts';

export function labelOf(parts: Part[], at: number): string {
  const part = parts[at]!;
  if (part.kind !== 'question') return t(`mock.part-${part.kind}`);
  return t('mock.part-question', { n: parts.slice(0, at + 1).filter(({ kind }) => kind === 'question').length });
}
