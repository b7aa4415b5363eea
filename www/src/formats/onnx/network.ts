// The network that an ONNX file becomes: nodes of the engine, with the shapes that the file leaves out.
import type { GraphSpec, LayerSpec, Padding, Pair } from 'danlu';
import { windowOf, type LayerOf } from '../model.ts';
import { sizeOf, type Tensor, type Tensors } from '../safetensors.ts';

type Spec = GraphSpec['nodes'][number];

/** A value of the file as the engine sees it. */
export interface Value {
  /** The input or the node that gives it. */
  name: string;
  /** Of one sample, channels last. */
  shape: number[];
  /** Whether the file has the channels first. */
  first: boolean;
  /** Axes of size 1 that the file still has behind the channels, where the engine has none. */
  ones?: number;
  /** The shape [c, h, w] in whose order a flat value lies in the file, where the engine's is [h, w, c]. */
  turned?: number[];
}

export class Network {
  readonly nodes: Spec[] = [];
  readonly tensors: Tensors = new Map();
  #counts = new Map<string, number>();
  #shapes = new Map<string, number[]>();

  constructor(private readonly inputs: GraphSpec['inputs']) {
    for (const { name, shape } of inputs) this.#shapes.set(name, shape);
  }

  /** Adds a layer and gives what it answers; `weights` by their names within it. */
  add(layer: LayerSpec, from: Value[], weights: Record<string, Tensor | undefined> = {}): Value {
    const count = this.#counts.get(layer.type) ?? 0;
    this.#counts.set(layer.type, count + 1);
    let name = count === 0 ? layer.type : `${layer.type}_${count}`;
    while (this.#shapes.has(name)) name += '_';
    this.nodes.push({ ...layer, name, inputs: from.map((value) => value.name) } as Spec);
    for (const [part, tensor] of Object.entries(weights)) if (tensor) this.tensors.set(`${name}/${part}`, tensor);
    const shape = outputShape(layer, from.map((value) => value.shape));
    this.#shapes.set(name, shape);
    return { name, shape, first: from[0]!.first && shape.length > 1 };
  }

  node(name: string): Spec | undefined {
    return this.nodes.find((node) => node.name === name);
  }

  /** Only what leads to the output, as a chain where it is one. */
  finish(output: string): { model: GraphSpec | { input: number[]; layers: LayerSpec[] }; tensors: Tensors } {
    const used = new Set<string>();
    const open = [output];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (used.has(name)) continue;
      used.add(name);
      open.push(...(this.node(name)?.inputs ?? []));
    }
    const nodes = this.nodes.filter((node) => used.has(node.name!));
    const owner = (tensor: string) => nodes.some((node) => tensor.startsWith(`${node.name}/`));
    const tensors: Tensors = new Map([...this.tensors].filter(([name]) => owner(name)));
    const [first] = this.inputs;
    const chain = this.inputs.length === 1 && nodes.every((node, at) => node.inputs.length === 1 && node.inputs[0] === (at === 0 ? first!.name : nodes[at - 1]!.name));
    if (!chain) return { model: { inputs: this.inputs.filter(({ name }) => used.has(name)), nodes, output }, tensors };
    const layers = nodes.map(({ inputs: _, ...layer }) => layer as LayerSpec);
    return { model: { input: first!.shape, layers }, tensors };
  }
}

/** What a layer makes of shapes; only those that importers write. */
function outputShape(layer: LayerSpec, inputs: number[][]): number[] {
  const [shape] = inputs as [number[]];
  switch (layer.type) {
    case 'conv2d':
      return [...windowed(layer, shape), layer.filters];
    case 'depthwise_conv2d':
      return [...windowed(layer, shape), shape[2]! * (layer.depth_multiplier ?? 1)];
    case 'max_pool2d':
    case 'avg_pool2d':
      return [...windowed(layer, shape), shape[2]!];
    case 'conv1d':
      return [windowed(layer, [1, ...shape])[1]!, layer.filters];
    case 'conv2d_transpose': {
      const { kernel, stride = [1, 1], padding = 'valid' } = layer;
      const side = (axis: 0 | 1) => shape[axis]! * stride[axis] + (padding === 'valid' ? Math.max(0, kernel[axis] - stride[axis]) : 0);
      return [side(0), side(1), layer.filters];
    }
    case 'dense':
      return [...shape.slice(0, -1), layer.units];
    case 'global_avg_pool1d':
    case 'global_avg_pool2d':
    case 'global_max_pool1d':
    case 'global_max_pool2d':
      return shape.slice(-1);
    case 'flatten':
      return [sizeOf(shape)];
    case 'reshape':
      return layer.shape;
    case 'zero_padding2d': {
      const [top, bottom, left, right] = layer.padding as [number, number, number, number];
      return [shape[0]! + top + bottom, shape[1]! + left + right, shape[2]!];
    }
    case 'embedding':
      return shape.join() === '1' ? [layer.output_dim] : [...shape, layer.output_dim];
    case 'concatenate':
      return [...shape.slice(0, -1), inputs.reduce((sum, one) => sum + one.at(-1)!, 0)];
    default:
      return shape;
  }
}

function windowed(layer: LayerOf<'conv2d' | 'depthwise_conv2d' | 'conv1d' | 'max_pool2d' | 'avg_pool2d'>, shape: number[]): Pair {
  const image: Pair = [shape[0]!, shape[1]!];
  const { size, stride, dilation, pads } = windowOf(layer, image);
  const side = (axis: 0 | 1) => Math.floor((image[axis] + pads[2 * axis]! + pads[2 * axis + 1]! - (size[axis] - 1) * dilation[axis] - 1) / stride[axis]) + 1;
  return [side(0), side(1)];
}

/** Top, bottom, left, right; `valid` where there is nothing. */
export const paddingOf = ([top, bottom, left, right]: number[]): Padding =>
  top || bottom || left || right ? [top!, bottom!, left!, right!] : 'valid';
