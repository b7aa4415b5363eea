// Low-rank adapters beside a base's frozen convolutions, and what becomes of them: y = W x + (alpha / r) · B (A x)
// (Hu et al. 2021, "LoRA: Low-Rank Adaptation of Large Language Models"). A is a convolution of W's shape with r filters,
// B one of 1 × 1; their product is a kernel of W's shape whose rank, read as [rows · columns · channels][filters], is r.
import type { ChainSpec, Engine, GraphSpec } from 'danlu';
import { tensorsOf } from '../safetensors.ts';
import type { Weights } from './hash.ts';
import type { AdaptedLayer, Block, LoraSettings } from './protocol.ts';

const input = 'lora_input';
const partOf = (layer: string, part: 'a' | 'b') => `${layer}_lora_${part}`;
export const isPart = (layer: string): boolean => /_lora_[ab]$/.test(layer);
export const isAdapter = (tensor: string): boolean => isPart(tensor.slice(0, tensor.lastIndexOf('/')));

/** The convolutions that get adapters: those of the last blocks. Depthwise and grouped ones have no kernel to halve by rank. */
export function adapted(base: ChainSpec, blocks: readonly Block[], open: number): string[] {
  const opened = new Set(blocks.slice(Math.max(0, blocks.length - open)).flatMap((block) => block.layers));
  return base.layers.filter((layer) => layer.type === 'conv2d' && (layer.groups ?? 1) === 1 && opened.has(layer.name!)).map(({ name }) => name!);
}

/** A chain as a graph in which these layers have a side path; without activation, which follows the sum. */
export function withAdapters(chain: ChainSpec, names: readonly string[], { rank, alpha }: LoraSettings): GraphSpec {
  const nodes: GraphSpec['nodes'] = [];
  let last = input;
  for (const layer of chain.layers) {
    const name = layer.name!;
    if (layer.type !== 'conv2d' || !names.includes(name)) {
      nodes.push({ ...layer, inputs: [last] });
      last = name;
      continue;
    }
    const { activation = 'linear', ...conv } = layer;
    const { kernel, stride, padding, dilation } = conv;
    const window = { kernel, ...(stride && { stride }), ...(padding !== undefined && { padding }), ...(dilation && { dilation }) };
    const [a, b] = [partOf(name, 'a'), partOf(name, 'b')];
    nodes.push(
      { ...conv, trainable: false, inputs: [last] },
      // Deviation 1 / √fan_in, as the exercise has it; B at zero, so that training begins at the base.
      { type: 'conv2d', name: a, filters: rank, ...window, use_bias: false, init: 'lecun_normal', inputs: [last] },
      { type: 'rescaling', name: `${name}_lora_scale`, scale: alpha / rank, inputs: [a] },
      { type: 'conv2d', name: b, filters: conv.filters, kernel: [1, 1], use_bias: false, init: 'zeros', inputs: [`${name}_lora_scale`] },
      { type: 'add', name: `${name}_lora_sum`, inputs: [name, b] },
    );
    last = `${name}_lora_sum`;
    if (activation !== 'linear') {
      nodes.push({ type: 'activation', name: `${name}_lora_act`, activation, inputs: [last] });
      last = `${name}_lora_act`;
    }
  }
  return { inputs: [{ name: input, shape: chain.input }], nodes, output: last };
}

/** A and B of each layer as they are drawn from the seed. */
export function drawnAdapters(engine: Engine, base: ChainSpec, names: readonly string[], settings: LoraSettings, seed: number): Weights {
  const model = withAdapters(base, names, settings);
  const session = engine.createSession({ model, loss: 'mean_squared_error' }, seed);
  try {
    return adaptersIn(tensorsOf(session.getWeights()));
  } finally {
    session.free();
  }
}

export function adaptersIn(weights: Weights): Weights {
  return new Map([...weights].filter(([name]) => isAdapter(name)));
}

/** The kernels with their adapters added in, W + (alpha / r) · A B: sums in f64, rounded once. What else the base has is shared. */
export function merged(base: Weights, adapters: Weights, names: readonly string[], { rank, alpha }: LoraSettings): Weights {
  const whole: Weights = new Map(base);
  for (const name of names) {
    const kernel = base.get(`${name}/kernel`)!;
    const change = product(adapters, name, rank, alpha / rank);
    whole.set(`${name}/kernel`, { shape: kernel.shape, values: kernel.values.map((value, at) => value + change[at]!) });
  }
  return whole;
}

/** scale · A B, as long as W. Shapes: A `[KH][KW][C][r]`, B `[1][1][r][O]` → `[KH][KW][C][O]`. */
function product(adapters: Weights, name: string, rank: number, scale: number): Float64Array {
  const [a, b] = (['a', 'b'] as const).map((part) => adapters.get(`${partOf(name, part)}/kernel`)!.values) as [Float32Array, Float32Array];
  const [rows, outputs] = [a.length / rank, b.length / rank];
  const out = new Float64Array(rows * outputs);
  for (let row = 0; row < rows; row += 1) {
    for (let way = 0; way < rank; way += 1) {
      const left = scale * a[row * rank + way]!;
      for (let output = 0; output < outputs; output += 1) out[row * outputs + output]! += left * b[way * outputs + output]!;
    }
  }
  return out;
}

/** How many numbers each adapter has beside its kernel, and how far it has moved that: ‖ΔW‖ / ‖W‖ (Frobenius). */
export function adaptedLayers(base: Weights, adapters: Weights, names: readonly string[], { rank, alpha }: LoraSettings): AdaptedLayer[] {
  const norm = (values: ArrayLike<number>) => Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0));
  return names.map((name) => {
    const kernel = base.get(`${name}/kernel`)!;
    const numbers = (['a', 'b'] as const).reduce((sum, part) => sum + adapters.get(`${partOf(name, part)}/kernel`)!.values.length, 0);
    return { name, shape: kernel.shape, kernel: kernel.values.length, numbers, moved: norm(product(adapters, name, rank, alpha / rank)) / norm(kernel.values) };
  });
}
