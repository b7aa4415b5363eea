// A base and a new head as runs of the engine: which layers train in a stage, and from which layer on they are computed.
import type { ChainSpec, LayerSpec, RunSpec } from 'danlu';
import { adapted, withAdapters } from './lora.ts';
import type { Block, Stage, Trial } from './protocol.ts';
import type { Weights } from './hash.ts';

export const gap = 'gap';
const scaleOf = (norm: string) => `${norm}_scale`;

/** Blocks of a chain: each ends with a pooling, the last with the chain. */
export function blocksOf(layers: readonly LayerSpec[], parametersOf: (name: string) => number): Block[] {
  const blocks: Block[] = [];
  let names: string[] = [];
  const close = () => {
    const parameters = names.reduce((sum, name) => sum + parametersOf(name), 0);
    // What has no weights belongs to the block before it.
    if (parameters === 0 && blocks.length > 0) blocks.at(-1)!.layers.push(...names);
    else if (names.length > 0) blocks.push({ name: `block${blocks.length + 1}`, layers: names, parameters });
    names = [];
  };
  for (const layer of layers) {
    names.push(layer.name!);
    if (layer.type === 'max_pool2d' || layer.type === 'avg_pool2d') close();
  }
  close();
  return blocks;
}

/** Global average pooling, a hidden layer, as many answers as classes. */
export function headLayers(units: number, classes: number): LayerSpec[] {
  return [
    { type: 'dense', name: 'hidden', units, activation: 'relu' },
    { type: 'dense', name: 'head', units: classes, activation: 'softmax' },
  ];
}

/** The names of the layers that are open in a stage: whole blocks, counted from the output. */
export function openLayers(blocks: readonly Block[], open: number): Set<string> {
  return new Set(blocks.slice(Math.max(0, blocks.length - open)).flatMap((block) => block.layers));
}

/** The base's layers as a stage has them; `moving` norms that are not open keep gamma and beta and let statistics go. */
function stageLayers(base: ChainSpec, blocks: readonly Block[], { open }: Stage, { method, norms }: Trial): LayerSpec[] {
  if (method === 'scratch') return base.layers;
  // Beside adapters every weight of the base stands still.
  const opened = method === 'lora' ? new Set<string>() : openLayers(blocks, open);
  return base.layers.flatMap((layer): LayerSpec[] => {
    const trainable = opened.has(layer.name!);
    if (layer.type !== 'batch_normalization') return [{ ...layer, trainable }];
    if (norms === 'still') return [{ ...layer, trainable: false }];
    if (trainable) return [{ ...layer, trainable: true }];
    return [
      { ...layer, center: false, scale: false, trainable: true },
      { type: 'depthwise_conv2d', name: scaleOf(layer.name!), kernel: [1, 1], trainable: false },
    ];
  });
}

/** A stage's network from the layer `cut` on, counted from the input; what lies before is frozen and always answers alike. */
export interface StageNetwork {
  layers: LayerSpec[];
  cut: number;
  /** The convolutions that have adapters; none but with LoRA. */
  adapted: string[];
}

export function stageNetwork(base: ChainSpec, blocks: readonly Block[], stage: Stage, trial: Trial, classes: number): StageNetwork {
  const layers = [...stageLayers(base, blocks, stage, trial), { type: 'global_avg_pool2d', name: gap } as LayerSpec];
  const withSides = trial.method === 'lora' ? adapted(base, blocks, stage.open) : [];
  // The first layer that changes, by gradients or by batches; a pooling or a relu never does.
  const changes = layers.findIndex((layer) => withSides.includes(layer.name!) || (layer.trainable !== false && hasWeights(layer)));
  const cut = !trial.cached ? 0 : changes < 0 ? layers.length : blockStart(base, blocks, changes);
  return { layers: [...layers, ...headLayers(trial.units, classes)], cut, adapted: withSides };
}

/** Where the block of a layer begins: within a block more would have to be kept than it saves. */
function blockStart(base: ChainSpec, blocks: readonly Block[], layer: number): number {
  const starts = blocks.map((block) => base.layers.findIndex(({ name }) => name === block.layers[0]));
  return Math.max(0, ...starts.filter((start) => start <= layer));
}

export function hasWeights({ type }: LayerSpec): boolean {
  return /conv|dense|norm|embedding|attention/.test(type);
}

/** What is computed of a stage's network, from its cut on. Shape of input: what comes out of the layers before. */
export function runFor({ layers, cut, adapted: names }: StageNetwork, input: number[], { batch_size, lora }: Pick<Trial, 'batch_size' | 'lora'>, rate: number): RunSpec {
  const chain: ChainSpec = { input, layers: layers.slice(cut) };
  const model = names.length > 0 ? withAdapters(chain, names, lora) : chain;
  return { model, loss: 'categorical_cross_entropy', optimizer: { type: 'adam', learning_rate: rate }, batch_size };
}

/** Weights of the base and the head as a stage's layers call them: a norm without gamma and beta has them in a layer behind it. */
export function weightsFor(names: Iterable<string>, weights: Weights): Weights {
  const found: Weights = new Map();
  for (const name of names) {
    const norm = /^(.*)_scale\/(kernel|bias)$/.exec(name);
    const tensor = weights.get(name) ?? (norm ? weights.get(`${norm[1]}/${norm[2] === 'bias' ? 'beta' : 'gamma'}`) : undefined);
    if (!tensor) throw new Error(`no weights for ${name}`);
    found.set(name, norm && norm[2] !== 'bias' ? { shape: [1, 1, tensor.values.length, 1], values: tensor.values } : tensor);
  }
  return found;
}

/** Takes over what a stage has learnt. */
export function takeOver(into: Weights, learnt: Weights) {
  for (const [name, { values }] of learnt) if (into.has(name)) into.set(name, { shape: into.get(name)!.shape, values });
}
