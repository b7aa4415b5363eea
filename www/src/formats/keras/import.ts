// Models that Keras saved: .keras is a zip of a config and weights in HDF5, .h5 has both in one HDF5 file.
import type { ChainSpec, GraphSpec, LayerSpec } from 'danlu';
import { malformed, unsupported } from '../failure.ts';
import { parsed, type Network } from '../read.ts';
import type { Tensor, Tensors } from '../safetensors.ts';
import { Hdf5 } from './hdf5.ts';
import { layerOf, partsOf, type Config } from './layers.ts';
import { vgg16Weights } from './vgg16.ts';

interface Written {
  class_name: string;
  config: Config;
  name?: string;
  inbound_nodes?: unknown[];
}

export function importKeras(name: string, files: Record<string, Uint8Array>): Network {
  const model = modelOf(name, parsed(`${name}/config.json`, files['config.json']!));
  const stored = files['model.weights.h5'];
  if (!stored) throw malformed(name, 'model.weights.h5', 'HDF5', 'no such entry');
  const file = new Hdf5(stored, `${name}/model.weights.h5`);
  // Keras names places by class, counted: layers/conv2d, layers/conv2d_1.
  const counts = new Map<string, number>();
  const places = new Map<string, string>();
  for (const { class_name, config } of model.layers) {
    const snake = snakeCase(class_name);
    const count = counts.get(snake) ?? 0;
    counts.set(snake, count + 1);
    places.set(config.name, `layers/${count === 0 ? snake : `${snake}_${count}`}`);
  }
  return networkOf(name, model, (layer, parts) =>
    parts.map((part, at) => {
      const [sub, own] = part.includes('/') ? (part.split('/') as [string, string]) : ['', part];
      const inner = { query: 'query_dense', key: 'key_dense', value: 'value_dense', attention_output: 'output_dense' }[sub];
      const place = `${places.get(layer)}${inner ? `/${inner}` : ''}/vars/${inner ? (own === 'bias' ? 1 : 0) : at}`;
      return file.array(place);
    }),
  );
}

export function importKerasH5(name: string, bytes: Uint8Array): Network {
  const file = new Hdf5(bytes, name);
  const config = file.attribute('', 'model_config');
  // The one network whose weights Keras hands out by themselves, and that everybody has.
  const known = config === undefined ? vgg16Weights(name, file) : undefined;
  if (known) return known;
  if (typeof config !== 'string') throw malformed(name, 'model_config', 'the config of a model saved whole', String(config));
  const model = modelOf(name, parsed(`${name}/model_config`, new TextEncoder().encode(config)));
  return networkOf(name, model, (layer) => {
    const place = `model_weights/${layer}`;
    const names = file.attribute(place, 'weight_names');
    if (!Array.isArray(names)) throw malformed(name, place, 'weight_names', String(names));
    return names.map((weight: string) => file.array(`${place}/${weight}`));
  });
}

/** As Keras makes snake case of a class's name. */
function snakeCase(name: string): string {
  return name
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

interface Model {
  sequential: boolean;
  layers: Written[];
  inputs: string[];
  output: string;
}

function modelOf(file: string, value: unknown): Model {
  const { class_name, config } = (value ?? {}) as { class_name?: string; config?: { layers?: Written[]; input_layers?: unknown; output_layers?: unknown } };
  if (class_name !== 'Sequential' && class_name !== 'Functional' && class_name !== 'Model') throw unsupported(file, 'class_name', 'Sequential | Functional', String(class_name));
  const layers = config?.layers;
  if (!Array.isArray(layers) || layers.length === 0) throw malformed(file, 'config.layers', '[layers]', JSON.stringify(layers));
  for (const [at, layer] of layers.entries()) {
    if (typeof layer?.class_name !== 'string' || typeof layer.config?.name !== 'string') throw malformed(file, `config.layers[${at}]`, '{class_name, config: {name, …}}', JSON.stringify(layer) ?? 'undefined');
  }
  if (class_name === 'Sequential') return { sequential: true, layers, inputs: [], output: layers.at(-1)!.config.name };
  const named = (ends: unknown): string[] => {
    if (!Array.isArray(ends)) return [];
    if (typeof ends[0] === 'string') return [ends[0]];
    return ends.map((end: unknown) => (Array.isArray(end) ? String(end[0]) : String(end)));
  };
  const outputs = named(config!.output_layers);
  if (outputs.length !== 1) throw unsupported(file, 'output_layers', '1', String(outputs.length));
  return { sequential: false, layers, inputs: named(config!.input_layers), output: outputs[0]! };
}

type Stored = (layer: string, parts: string[]) => Tensor[];

function networkOf(file: string, model: Model, stored: Stored): Network {
  const tensors: Tensors = new Map();
  const take = (name: string, layer: LayerSpec) => {
    const parts = partsOf(layer);
    if (parts.length === 0) return;
    const arrays = stored(name, parts);
    if (arrays.length !== parts.length) throw malformed(file, name, parts.join(', '), `${arrays.length} arrays`);
    parts.forEach((part, at) => tensors.set(`${name}/${part}`, arrays[at]!));
  };
  const spec = model.sequential ? chained(file, model, take) : graphed(file, model, take);
  return { model: spec, tensors };
}

function shapeOf(file: string, { class_name, config }: Written): number[] {
  const shape = (config.batch_shape ?? config.batch_input_shape) as unknown;
  if (!Array.isArray(shape)) throw malformed(file, config.name, 'batch_shape', `${class_name} ${JSON.stringify(shape)}`);
  const sides = shape.slice(1) as unknown[];
  if (!sides.every((side) => typeof side === 'number')) throw unsupported(file, config.name, '[sizes]', JSON.stringify(shape));
  return sides as number[];
}

function chained(file: string, { layers }: Model, take: (name: string, layer: LayerSpec) => void): ChainSpec {
  const [first] = layers as [Written];
  const input = shapeOf(file, first);
  const own = first.class_name === 'InputLayer' ? layers.slice(1) : layers;
  const written = own.map((one) => ({ ...layerOf(file, one.class_name, one.config, {}), name: one.config.name }) as LayerSpec);
  written.forEach((layer) => take(layer.name!, layer));
  return { input, layers: written };
}

function graphed(file: string, { layers, output }: Model, take: (name: string, layer: LayerSpec) => void): GraphSpec {
  const inputs: GraphSpec['inputs'] = [];
  const nodes: GraphSpec['nodes'] = [];
  for (const one of layers) {
    const { name } = one.config;
    if (one.class_name === 'InputLayer') {
      inputs.push({ name, shape: shapeOf(file, one) });
      continue;
    }
    const calls = one.inbound_nodes ?? [];
    if (calls.length !== 1) throw unsupported(file, name, 'called once', `${calls.length} times`);
    const { sources, settings } = callOf(file, name, calls[0]);
    const layer = layerOf(file, one.class_name, one.config, settings);
    // Self-attention takes the same value as query and as value.
    const taken = layer.type === 'multi_head_attention' ? [...new Set(sources)] : sources;
    if (layer.type === 'multi_head_attention' && taken.length !== 1) throw unsupported(file, name, 'self-attention', taken.join(', '));
    nodes.push({ ...layer, name, inputs: taken } as GraphSpec['nodes'][number]);
    take(name, layer);
  }
  return { inputs, nodes, output };
}

/** The layers whose outputs a layer was called with: Keras 3 writes tensors, Keras 2 lists of names. */
function callOf(file: string, name: string, call: unknown): { sources: string[]; settings: Record<string, unknown> } {
  const sources: string[] = [];
  const look = (value: unknown) => {
    if (Array.isArray(value)) return value.forEach(look);
    const tensor = value as { class_name?: string; config?: { keras_history?: unknown[] } } | null;
    if (tensor?.class_name === '__keras_tensor__') sources.push(String(tensor.config?.keras_history?.[0]));
  };
  let settings: Record<string, unknown> = {};
  if (Array.isArray(call)) {
    for (const one of call as unknown[]) {
      if (!Array.isArray(one) || typeof one[0] !== 'string') throw malformed(file, name, 'inbound_nodes [[name, 0, 0, {}]]', JSON.stringify(one));
      sources.push(one[0]);
      settings = { ...settings, ...(one[3] as object) };
    }
  } else {
    const { args, kwargs } = (call ?? {}) as { args?: unknown; kwargs?: Record<string, unknown> };
    look(args);
    settings = kwargs ?? {};
    // Values may come by name: query, value.
    Object.values(settings).forEach(look);
  }
  if (sources.length === 0) throw malformed(file, name, 'inbound_nodes', JSON.stringify(call) ?? 'undefined');
  return { sources, settings };
}
