// The run that an exercise names, as a spec and as an address of the lab.
import { writeAddress } from './address.ts';
import { initialSpec, initialStrategy, preset, type PresetName } from './presets.ts';
import type { Chain, LabSpec } from './spec.ts';

/** What www/exercises/runs.toml says of a run; the engine's fields are the engine's to judge. */
export interface NamedRun {
  model?: string;
  layers?: Record<string, unknown>[];
  /** Another room than that of runs; of some (see scripts/exercises/runs.mjs) also the section to open, and settings that aren't the usual. */
  room?: string;
  section?: string;
  settings?: Record<string, string | number>;
  strategy?: Record<string, unknown>;
  limit?: number;
}

export function specOf({ model, layers, strategy, limit }: NamedRun): LabSpec {
  const spec = initialSpec();
  return {
    ...spec,
    data: { ...spec.data, ...(limit === undefined ? {} : { limit }) },
    model: layers ? { input: [28, 28, 1], layers: layers as unknown as Chain['layers'] } : preset(model as PresetName),
    strategy: { ...initialStrategy(), ...strategy },
  };
}

/** The room of a run, and the query that its address has there. */
export async function addressOf(run: NamedRun): Promise<{ room: string; query: URLSearchParams }> {
  const { room, section, settings = {} } = run;
  if (room === undefined) return { room: 'runs', query: new URLSearchParams({ spec: await writeAddress(specOf(run)) }) };
  const named = Object.entries(settings).map(([name, value]) => [name, String(value)]);
  return { room, query: new URLSearchParams(section === undefined ? named : [['section', section], ...named]) };
}
