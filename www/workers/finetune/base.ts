// The base that a fine-tuning starts from: the page's own, or one out of a file.
import type { ChainSpec, Engine, LayerSpec, RunSpec } from 'danlu';
import { namesOf } from '../../src/formats/model.ts';
import { Refused } from '../failure.ts';
import { fetchBytes } from '../digits.ts';
import { tensorsOf } from '../safetensors.ts';
import { hashOf, type Weights } from './hash.ts';
import { blocksOf } from './network.ts';
import type { BaseFacts, BaseFile, Block } from './protocol.ts';

interface About {
  model: ChainSpec;
  parameters: number;
  made: { classes: number[]; turns: number; digits: number; steps: number; accuracy: number };
  sha256: string;
}

export interface Base {
  name: string;
  model: ChainSpec;
  weights: Weights;
  pixels: BaseFile['pixels'];
  made: BaseFacts['made'];
}

/** `page` is the page's own address. */
export async function fetchBase(page: string): Promise<Base> {
  const [about, weights] = await Promise.all(['base.json', 'base.safetensors'].map((file) => fetchBytes(new URL(`data/${file}`, page))));
  return shippedBase(about!, weights!);
}

export function shippedBase(about: Uint8Array, weights: Uint8Array): Base {
  const { model, made } = JSON.parse(new TextDecoder().decode(about)) as About;
  return { name: '', model, weights: tensorsOf(weights), pixels: 'unit', made };
}

/** The convolutional part of a network out of a file, for images of `side` × `side`. */
export function baseOfFile(engine: Engine, { name, model, weights, pixels }: BaseFile, side: number): Base {
  const chain = chainOf(name, model);
  const channels = chain.input.at(-1) ?? 0;
  if (chain.input.length !== 3) throw new Refused('finetune_no_images', { file: name, got: `[${chain.input.join(', ')}]` });
  if (channels !== 1 && channels !== 3) throw new Refused('finetune_channels', { file: name, got: channels });
  const layers = withoutTop(chain.layers);
  if (!layers.some(({ type }) => /conv/.test(type))) throw new Refused('finetune_no_convolution', { file: name });
  const kept = new Set(layers.map((layer) => layer.name));
  const own = [...tensorsOf(weights)].filter(([tensor]) => kept.has(tensor.slice(0, tensor.lastIndexOf('/'))));
  const base: Base = { name, model: { input: [side, side, channels], layers }, weights: new Map(own), pixels: channels === 3 ? pixels : 'unit', made: null };
  try {
    engine.describe({ model: base.model, loss: 'mean_squared_error' });
  } catch (error) {
    // The file was sound at its own size.
    if (side < Math.min(chain.input[0]!, chain.input[1]!)) throw new Refused('finetune_too_small', { file: name, side });
    throw error;
  }
  return base;
}

/** A graph without branches is a chain; every layer has a name afterwards. */
export function chainOf(file: string, model: RunSpec['model']): ChainSpec {
  if (!('nodes' in model)) {
    const names = namesOf(model.layers);
    return { input: model.input, layers: model.layers.map((layer, at) => ({ ...layer, name: names[at]! })) };
  }
  if (model.inputs.length !== 1) throw new Refused('finetune_no_chain', { file, place: model.inputs.map(({ name }) => name).join(', ') });
  const layers: LayerSpec[] = [];
  let last = model.inputs[0]!.name;
  while (layers.length < model.nodes.length) {
    const next = model.nodes.filter((node) => node.inputs.includes(last));
    if (next.length !== 1 || next[0]!.inputs.length !== 1) throw new Refused('finetune_no_chain', { file, place: last });
    const { inputs: _, ...layer } = next[0]!;
    layers.push(layer);
    last = layer.name!;
  }
  return { input: model.inputs[0]!.shape, layers };
}

/** Everything before the first layer that wants a picture's places in a row, or averages over them. */
export function withoutTop(layers: readonly LayerSpec[]): LayerSpec[] {
  const top = layers.findIndex(({ type }) => /^(flatten|dense|global_|reshape)/.test(type));
  const body = top < 0 ? [...layers] : layers.slice(0, top);
  // Dropout in a frozen base would answer otherwise each time.
  return body.filter(({ type }) => type !== 'dropout');
}

export async function factsOf(engine: Engine, base: Base): Promise<{ facts: BaseFacts; blocks: Block[] }> {
  const infos = engine.describe({ model: base.model, loss: 'mean_squared_error' });
  const parameters = new Map(infos.map((info) => [info.name, info.parameters]));
  const blocks = blocksOf(base.model.layers, (name) => parameters.get(name) ?? 0);
  const facts: BaseFacts = {
    name: base.name,
    input: base.model.input,
    blocks,
    parameters: infos.reduce((sum, info) => sum + info.parameters, 0),
    features: infos.at(-1)!.outputShape.at(-1)!,
    norms: base.model.layers.filter(({ type }) => type === 'batch_normalization').length,
    hash: await hashOf(base.weights),
    made: base.made,
  };
  return { facts, blocks };
}
