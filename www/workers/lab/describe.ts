// A model as a table, and the layer that a mistake stands in: the engine is asked, nothing is guessed.
import type { Engine, LayerInfo, LayerSpec, RunSpec } from 'danlu';
import { failureOf } from '../failure.ts';
import type { Description, Failure, LabSpec, LayerFact } from './protocol.ts';
import { flopsOf } from './flops.ts';
import { fittedRun } from './schedule.ts';

export function runOf({ model, strategy }: LabSpec, steps: number): RunSpec {
  const { epochs: _, ...rest } = strategy;
  return fittedRun({ model, ...rest }, steps);
}

export function describe(engine: Engine, spec: LabSpec): Description {
  try {
    return { ...tableOf(spec.model, layersOf(engine, runOf(spec, 1000))), problem: null };
  } catch (error) {
    const failure = failureOf(error);
    if (failure.fatal) throw error;
    const layer = layerAtFault(spec.model, failure);
    return { ...before(engine, spec.model, layer), problem: { failure, layer } };
  }
}

function layersOf(engine: Engine, run: RunSpec): LayerInfo[] {
  const session = engine.createSession(run, 0);
  try {
    return session.layers();
  } finally {
    session.free();
  }
}

/** The chain's layers before the one at fault: what they answer does not depend on it. */
function before(engine: Engine, model: RunSpec['model'], fault: number | undefined): Omit<Description, 'problem'> {
  const none = { layers: [], parameters: 0, flops: 0 };
  if ('nodes' in model || !fault) return none;
  const part = { input: model.input, layers: model.layers.slice(0, fault) };
  try {
    return tableOf(part, layersOf(engine, { model: part, loss: 'mean_squared_error' }));
  } catch (error) {
    if (failureOf(error).fatal) throw error;
    return none; // Another mistake stands earlier, which the engine names once this one is mended.
  }
}

export function tableOf(model: RunSpec['model'], infos: LayerInfo[]): Omit<Description, 'problem'> {
  const shapes = new Map<string, number[]>();
  if ('nodes' in model) for (const { name, shape } of model.inputs) shapes.set(name, shape);
  else shapes.set('input', model.input);
  for (const { name, outputShape } of infos) shapes.set(name, outputShape);
  const layers = infos.map((info, place): LayerFact => {
    const layer = specOf(model, info, place);
    const inputs = info.connectedTo.map((name) => shapes.get(name) ?? []);
    return {
      name: info.name,
      kind: info.kind,
      outputShape: info.outputShape,
      parameters: info.parameters,
      flops: layer ? flopsOf(layer, inputs, info.outputShape) : 0,
      connectedTo: info.connectedTo,
    };
  });
  const sum = (field: 'parameters' | 'flops') => layers.reduce((all, layer) => all + layer[field], 0);
  return { layers, parameters: sum('parameters'), flops: sum('flops') };
}

/** A graph's nodes are written in any order; a chain's stand as they are computed. */
function specOf(model: RunSpec['model'], info: LayerInfo, place: number): LayerSpec | undefined {
  return 'nodes' in model ? (model.nodes.find((node) => node.name === info.name) ?? model.nodes[place]) : model.layers[place];
}

/** The engine names a layer by its own name, else by its number in the spec. */
export function layerAtFault(model: RunSpec['model'], { code, fields }: Failure): number | undefined {
  const layers: LayerSpec[] = 'nodes' in model ? model.nodes : model.layers;
  if (code === 'last_layer') {
    if (layers.length === 0) return undefined;
    return 'nodes' in model ? layers.findIndex((layer) => layer.name === model.output) : layers.length - 1;
  }
  const name = fields.layer ?? (code === 'duplicate_name' || code === 'unused_node' ? fields.name : /^layer (.+)$/.exec(String(fields.place ?? ''))?.[1]);
  if (name === undefined) return undefined;
  const byName = layers.findLastIndex((layer) => layer.name === String(name));
  const number = /^\d+$/.test(String(name)) ? Number(name) : -1;
  const at = byName >= 0 ? byName : number;
  return at >= 0 && at < layers.length ? at : undefined;
}
