// A model as a table, and the layer that a mistake stands in: the engine is asked, nothing is guessed.
import type { Engine, LayerInfo, LayerSpec, RunSpec } from 'danlu';
import { failureOf } from '../failure.ts';
import type { Dataset, Description, Failure, LabSpec, LayerFact } from './protocol.ts';
import { summaryOf } from './data.ts';
import { flopsOf } from './flops.ts';
import { ratesOf } from './rates.ts';
import { fittedRun } from './schedule.ts';

type Table = Omit<Description, 'problem' | 'data' | 'rates'>;

export function runOf({ model, strategy }: LabSpec, steps: number): RunSpec {
  const { epochs: _, ...rest } = strategy;
  return fittedRun({ model, ...rest }, steps);
}

/** `data` is undefined where the data set is not here; its shape is then not held against the model. */
export function describe(engine: Engine, spec: LabSpec, data: Dataset | undefined): Description {
  const summary = data ? summaryOf(data) : null;
  const steps = spec.strategy.epochs * Math.ceil((data?.train.count ?? 1) / Math.max(1, spec.strategy.batch_size ?? 32));
  try {
    const table = tableOf(spec.model, engine.describe(runOf(spec, steps)));
    const misfit = data && misfitOf(spec.model, table.layers.at(-1)!, data);
    return { ...table, data: summary, rates: data ? ratesOf(engine, spec, steps) : new Float64Array(), problem: misfit ?? null };
  } catch (error) {
    const failure = failureOf(error);
    if (failure.fatal) throw error;
    const layer = layerAtFault(spec.model, failure);
    return { ...before(engine, spec.model, layer), data: summary, rates: new Float64Array(), problem: { failure: countedFromOne(spec.model, failure, layer), layer } };
  }
}

/** What of the model does not go with the data: what comes in, or how many classes come out. */
function misfitOf(model: RunSpec['model'], last: LayerFact, { shape, classes }: Dataset): Description['problem'] {
  const size = (sizes: number[]) => sizes.reduce((all, one) => all * one, 1);
  const inputs = 'nodes' in model ? model.inputs.map((input) => input.shape) : [model.input];
  if (inputs.reduce((all, input) => all + size(input), 0) !== size(shape)) {
    const fields = { expected: `[${shape.join(', ')}]`, got: inputs.map((input) => `[${input.join(', ')}]`).join(' + ') };
    return { failure: { code: 'data_shape', fields, fatal: false }, layer: undefined };
  }
  const answers = last.outputShape.at(-1) ?? 0;
  if (last.outputShape.length === 1 && answers < classes.length) {
    const fields = { classes: classes.length, got: answers };
    const layers: LayerSpec[] = 'nodes' in model ? model.nodes : model.layers;
    const named = layers.findIndex((layer) => layer.name === last.name);
    return { failure: { code: 'data_classes', fields, fatal: false }, layer: named >= 0 ? named : layers.length - 1 };
  }
  return null;
}

/** The chain's layers before the one at fault: what they answer does not depend on it. */
function before(engine: Engine, model: RunSpec['model'], fault: number | undefined): Table {
  const none = { layers: [], parameters: 0, flops: 0 };
  if ('nodes' in model || !fault) return none;
  const part = { input: model.input, layers: model.layers.slice(0, fault) };
  try {
    return tableOf(part, engine.describe({ model: part, loss: 'mean_squared_error' }));
  } catch (error) {
    if (failureOf(error).fatal) throw error;
    return none; // Another mistake stands earlier, which the engine names once this one is mended.
  }
}

export function tableOf(model: RunSpec['model'], infos: LayerInfo[]): Table {
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

/** The engine counts layers without a name from 0; the builder, whose reader is told, from 1. */
function countedFromOne(model: RunSpec['model'], failure: Failure, at: number | undefined): Failure {
  const layers: LayerSpec[] = 'nodes' in model ? model.nodes : model.layers;
  if (at === undefined || layers[at]?.name === String(at)) return failure;
  const { layer, place } = failure.fields;
  const fields = { ...failure.fields };
  if (String(layer) === String(at)) fields.layer = String(at + 1);
  if (typeof place === 'string') fields.place = place.replace(new RegExp(`^layer ${at}(?!\\d)`), `layer ${at + 1}`);
  return { ...failure, fields };
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
