// A run's network as exporters want it: layers in order, each with its shapes, its fields and its weights.
import type { Activation, ChainSpec, GraphSpec, LayerInfo, LayerSpec, Pair, Padding, RunSpec } from 'danlu';
import { malformed } from './failure.ts';
import { readSafetensors, type Tensor } from './safetensors.ts';

/** A trained network: its spec, what the engine says of its layers, and its weights as safetensors. */
export interface Trained {
  spec: RunSpec;
  layers: Pick<LayerInfo, 'name' | 'outputShape'>[];
  weights: Uint8Array;
}

/** What layers take and give. Shapes are of one sample, channels last. */
export interface Value {
  name: string;
  shape: number[];
}

export interface Node extends Value {
  type: LayerSpec['type'];
  /** Every field of its type, defaults filled in by those who read them. */
  layer: LayerSpec;
  inputs: Value[];
  /** In Keras's order, by their names within the layer: `kernel`, `bias`. */
  weights: Map<string, Tensor>;
}

export interface Model {
  inputs: Value[];
  nodes: Node[];
  output: Node;
}

export const isGraph = (model: ChainSpec | GraphSpec): model is GraphSpec => 'nodes' in model;

/** A layer's own names, and Keras's for the rest, counted by type: `conv2d`, `conv2d_1`. */
export function namesOf(layers: readonly LayerSpec[]): string[] {
  const counts = new Map<string, number>();
  return layers.map((layer) => {
    if (layer.name !== undefined) return layer.name;
    const count = counts.get(layer.type) ?? 0;
    counts.set(layer.type, count + 1);
    return count === 0 ? layer.type : `${layer.type}_${count}`;
  });
}

/** Weights of a layer in Keras's order; a file has them sorted by name. */
const order = [
  'kernel', 'depthwise_kernel', 'pointwise_kernel', 'bias', 'embeddings', 'gamma', 'beta', 'moving_mean', 'moving_variance',
  'query/kernel', 'query/bias', 'key/kernel', 'key/bias', 'value/kernel', 'value/bias', 'attention_output/kernel', 'attention_output/bias',
];

export function modelOf({ spec: { model }, layers, weights }: Trained): Model {
  const written: readonly LayerSpec[] = isGraph(model) ? model.nodes : model.layers;
  const names = namesOf(written);
  const byName = new Map(written.map((layer, at) => [names[at]!, layer]));
  const inputs: Value[] = isGraph(model) ? model.inputs.map(({ name, shape }) => ({ name, shape })) : [{ name: 'input', shape: model.input }];
  const values = new Map(inputs.map((value) => [value.name, value]));
  const { tensors } = readSafetensors(weights, 'weights');

  let last: Value = inputs[0]!;
  const nodes = layers.map(({ name, outputShape }) => {
    const layer = byName.get(name);
    if (!layer) throw malformed('spec', name, [...byName.keys()].join(', '), name);
    const sources = isGraph(model) ? (layer as GraphSpec['nodes'][number]).inputs.map((source) => values.get(source)!) : [last];
    const own = order.flatMap((part) => {
      const tensor = tensors.get(`${name}/${part}`);
      return tensor ? [[part, tensor] as const] : [];
    });
    const node: Node = { name, type: layer.type, layer, shape: outputShape, inputs: sources, weights: new Map(own) };
    values.set(name, node);
    last = node;
    return node;
  });
  return { inputs, nodes, output: nodes.at(-1)! };
}

/** The fields of a layer of one type. */
export type LayerOf<T extends LayerSpec['type']> = OneOf<LayerSpec, T>;

// Some layers share their fields, so that `type` is one of several names.
type OneOf<L, T> = L extends { type: infer U } ? ([Extract<U, T>] extends [never] ? never : L) : never;

/** How a window moves over an image; a sequence is an image one row high. Pads: top, bottom, left, right. */
export interface Window {
  size: Pair;
  stride: Pair;
  dilation: Pair;
  pads: [number, number, number, number];
  /** Zeros in front and behind are as many, on both axes. */
  symmetrical: boolean;
  /** As the spec wrote it. */
  padding: Padding | 'causal';
}

type Windowed = LayerOf<'conv2d' | 'depthwise_conv2d' | 'separable_conv2d' | 'conv2d_transpose' | 'conv1d' | 'max_pool2d' | 'avg_pool2d'>;

/** Sizes and padding as the engine works them out, for `image` places down and across. */
export function windowOf(layer: Windowed, image: Pair): Window {
  const along = (value: number | Pair | undefined, otherwise: Pair): Pair =>
    value === undefined ? otherwise : typeof value === 'number' ? [1, value] : value;
  const size = along('size' in layer ? layer.size : layer.kernel, [1, 1]);
  const stride = along(layer.stride, 'size' in layer ? size : [1, 1]);
  const dilation = along('dilation' in layer ? layer.dilation : undefined, [1, 1]);
  const padding: Window['padding'] = layer.padding ?? 'valid';
  const pads = padsOf(padding, { size, stride, dilation, image, sequence: layer.type === 'conv1d' });
  return { size, stride, dilation, pads, padding, symmetrical: pads[0] === pads[1] && pads[2] === pads[3] };
}

interface Placed {
  size: Pair;
  stride: Pair;
  dilation: Pair;
  image: Pair;
  sequence: boolean;
}

function padsOf(padding: Window['padding'], { size, stride, dilation, image, sequence }: Placed): Window['pads'] {
  if (padding === 'valid') return [0, 0, 0, 0];
  if (padding === 'causal') return [0, 0, (size[1] - 1) * dilation[1], 0];
  if (padding === 'same') {
    const [down, across] = [0, 1].map((axis) => {
      const reach = (size[axis]! - 1) * dilation[axis]! + 1;
      const covered = (Math.ceil(image[axis]! / stride[axis]!) - 1) * stride[axis]! + reach;
      const rest = Math.max(0, covered - image[axis]!);
      return [Math.floor(rest / 2), rest - Math.floor(rest / 2)];
    });
    return [...down!, ...across!] as Window['pads'];
  }
  const sizes: number[] = padding;
  if (sizes.length === 1) return sequence ? [0, 0, sizes[0]!, sizes[0]!] : [sizes[0]!, sizes[0]!, sizes[0]!, sizes[0]!];
  if (sizes.length === 2) return sequence ? [0, 0, sizes[0]!, sizes[1]!] : [sizes[0]!, sizes[0]!, sizes[1]!, sizes[1]!];
  return sizes as Window['pads'];
}

/** What a transposed convolution cuts off its whole output, or adds behind it: top, bottom, left, right; below 0 it adds. */
export function cropOf(node: Node): [number, number, number, number] {
  const layer = node.layer as LayerOf<'conv2d_transpose'>;
  const output: Pair = [node.shape[0]!, node.shape[1]!];
  const { size, stride, pads } = windowOf({ ...layer, padding: layer.padding ?? 'valid' }, output);
  const behind = [0, 1].map((axis) => {
    const whole = (node.inputs[0]!.shape[axis]! - 1) * stride[axis]! + size[axis]!;
    return whole - pads[2 * axis]! - output[axis]!;
  });
  return [pads[0], behind[0]!, pads[2], behind[1]!];
}

/** A curve with its number: what ends a layer, or all that a layer is. */
export interface Curve {
  kind: Exclude<Activation, 'linear'>;
  /** The leak of leaky_relu, the alpha of elu. */
  number: number;
}

/** The activation at the end of a layer, or the layer itself where it is one. */
export function curveOf(layer: LayerSpec): Curve | undefined {
  const curve = (kind: Activation, number = kind === 'leaky_relu' ? 0.2 : 1) => (kind === 'linear' ? undefined : { kind, number });
  switch (layer.type) {
    case 'relu':
    case 'silu':
    case 'sigmoid':
    case 'tanh':
    case 'softplus':
    case 'softmax':
      return curve(layer.type);
    case 'leaky_relu':
      return curve('leaky_relu', layer.negative_slope ?? 0.3);
    case 'elu':
      return curve('elu', layer.alpha ?? 1);
    case 'gelu':
      return curve(layer.approximate ? 'gelu_tanh' : 'gelu');
    default:
      return 'activation' in layer && layer.activation ? curve(layer.activation) : undefined;
  }
}

/** Whether a layer is nothing but a curve. */
export const isCurve = (type: LayerSpec['type']) =>
  ['activation', 'relu', 'leaky_relu', 'elu', 'gelu', 'silu', 'sigmoid', 'tanh', 'softplus', 'softmax'].includes(type);

/** Epsilons of norms, as the engine has them. */
export const epsilonOf = (layer: LayerOf<'batch_normalization' | 'layer_normalization' | 'rms_normalization' | 'group_normalization'>) =>
  layer.epsilon ?? (layer.type === 'rms_normalization' ? 1e-6 : 1e-3);
