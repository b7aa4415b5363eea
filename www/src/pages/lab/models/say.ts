// What both rooms say of a run.
import { n, t } from '../../../i18n/index.svelte.ts';
import type { RunRecord } from '../../../lab/records.ts';

export const nameOf = (record: RunRecord): string => record.name || t('models.run', { number: record.number });

export const sizeOf = (bytes: number): string =>
  bytes >= 1e6 ? t('models.megabytes', { n: n(bytes / 1e6, 1) }) : t('models.bytes', { n: n(Math.max(1, bytes / 1e3), 0) });

export function interruptedAt(record: RunRecord): string {
  const { checkpoint, steps_per_epoch, total_steps } = record;
  if (!checkpoint || steps_per_epoch === 0) return t('models.interrupted-none', { name: nameOf(record) });
  const fields = { name: nameOf(record), done: n(checkpoint.step / steps_per_epoch, 1), all: n(total_steps / steps_per_epoch, 0) };
  return t('models.interrupted-one', fields);
}
