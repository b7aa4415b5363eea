// Models to and from other libraries' files, by a worker of their own that is started at the first one.
import { WorkerClient, type WorkerPort } from '../../workers/client.ts';
import type { FormatCalls, Imported, Kind } from '../../workers/formats/protocol.ts';
import { loadWeights, type RunRecord } from './records.ts';
import type { LabSpec } from './spec.ts';

export type { Imported, Kind };

/** The first is what most will want. */
export const kinds: readonly Kind[] = ['torch', 'keras', 'onnx', 'safetensors', 'all'];

const client = new WorkerClient<FormatCalls, never>(
  () => new Worker(new URL('../../workers/formats/formats.worker.ts', import.meta.url), { type: 'module' }) as unknown as WorkerPort<FormatCalls, never>,
  { event: () => {}, crash: () => {} },
);

/** A kept model as a file; undefined where its weights are gone. */
export async function exportRun(record: RunRecord, kind: Kind): Promise<{ name: string; bytes: Uint8Array<ArrayBuffer> } | undefined> {
  const weights = await loadWeights(record.id);
  if (!weights) return undefined;
  // A model from a file has trained no steps; schedules that follow from a run's length then take a thousand.
  const steps = record.total_steps || 1000;
  const { bytes, ending } = await client.ask('export', { kind, spec: record.spec, steps, weights });
  return { name: `danlu-${record.number}.${ending}`, bytes };
}

export async function importFile(file: File, model: LabSpec['model']): Promise<Imported> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  return client.ask('import', { name: file.name, bytes, model }, { transfer: [bytes.buffer] });
}

/** Hands bytes to the browser's downloads. */
export function download(name: string, bytes: Uint8Array<ArrayBuffer>) {
  const address = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // Some browsers read the address after the click has returned.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
