// Runs as a table for other programs.
import { differences, shortPath } from './differences.ts';
import type { RunRecord } from './records.ts';

function cell(value: unknown): string {
  const text = value === undefined ? '' : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One row for each run: what came out, in what the specs differ, and the spec whole. */
export function runsCsv(records: readonly RunRecord[], nameOf: (record: RunRecord) => string): string {
  const differing = differences(records.map(({ spec }) => spec));
  const head = ['run', 'state', 'epochs', 'parameters', 'held_out_loss', 'held_out_accuracy', 'best_accuracy', 'seconds', ...differing.map(({ path }) => shortPath(path)), 'note', 'weights_sha256', 'spec'];
  const rows = records.map((record, at) => {
    const { heldOut } = record.curves;
    return [
      nameOf(record), record.state, record.step / record.steps_per_epoch, record.parameters, heldOut.loss.at(-1), heldOut.accuracy.at(-1), bestOf(record),
      (record.elapsed_ms / 1000).toFixed(2), ...differing.map(({ values }) => values[at]), record.note, record.hash, JSON.stringify(record.spec),
    ];
  });
  return [head, ...rows].map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n';
}

/** The curves of all of them, long: one row for each point. */
export function curvesCsv(records: readonly RunRecord[], nameOf: (record: RunRecord) => string): string {
  const rows: unknown[][] = [['run', 'part', 'step', 'epoch', 'loss', 'accuracy', 'learning_rate']];
  for (const record of records) {
    const { training, heldOut } = record.curves;
    training.step.forEach((step, at) => rows.push([nameOf(record), 'training', step, step / record.steps_per_epoch, training.loss[at], training.accuracy[at], training.rate[at]]));
    heldOut.step.forEach((step, at) => rows.push([nameOf(record), 'held-out', step, step / record.steps_per_epoch, heldOut.loss[at], heldOut.accuracy[at], '']));
  }
  return rows.map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n';
}

export function bestOf({ curves }: RunRecord): number | undefined {
  const judged = curves.heldOut.accuracy.filter(Number.isFinite);
  return judged.length > 0 ? Math.max(...judged) : undefined;
}
