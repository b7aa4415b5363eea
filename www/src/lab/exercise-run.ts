// The run that an exercise names, as a spec and as an address of the lab.
import { writeAddress } from './address.ts';
import { initialSpec, initialStrategy, preset, type PresetName } from './presets.ts';
import type { Chain, LabSpec } from './spec.ts';

/** What www/exercises/runs.toml says of a run; the engine's fields are the engine's to judge. */
export interface NamedRun {
  model?: string;
  layers?: Record<string, unknown>[];
  /** Another room than that of runs. */
  room?: string;
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

/** The query of `#/lab/runs`. */
export async function addressOf(run: NamedRun): Promise<URLSearchParams> {
  return new URLSearchParams({ spec: await writeAddress(specOf(run)) });
}
