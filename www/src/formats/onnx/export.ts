// A network as ONNX, operator set 17. Inputs and the answer are as the engine has them, channels last (NHWC); what works on
// images works channels first, as ONNX wants it, and a Transpose stands only where the two meet.
import { cropOf, curveOf, epsilonOf, isCurve, windowOf, type Curve, type LayerOf, type Model, type Node, type Window } from '../model.ts';
import { rotaryOf } from '../rotary.ts';
import { reshaped, transposed, type Tensor } from '../safetensors.ts';
import { unsayable } from '../failure.ts';
import { GraphWriter, onesOf } from './graph.ts';

export const opset = 17;

/** A value in the graph, in one order of axes or in both. Vectors have one order only. */
interface Laid {
  shape: number[];
  last?: string;
  first?: string;
}

export function exportOnnx(model: Model): Uint8Array<ArrayBuffer> {
  return new OnnxExporter(model).run();
}

class OnnxExporter {
  #graph = new GraphWriter();
  #values = new Map<string, Laid>();

  constructor(private readonly model: Model) {}

  run(): Uint8Array<ArrayBuffer> {
    const graph = this.#graph;
    const inputs = this.model.inputs.map(({ name, shape }) => ({ name: graph.name(name), shape }));
    inputs.forEach((input, at) => this.#values.set(this.model.inputs[at]!.name, { shape: input.shape, last: input.name }));
    for (const node of this.model.nodes) this.#values.set(node.name, this.#layer(node));
    const answer = this.#last(this.#values.get(this.model.output.name)!);
    return graph.finish('danlu', opset, inputs, { name: answer, shape: this.model.output.shape });
  }

  #last(value: Laid): string {
    if (value.last === undefined) {
      const order = value.shape.length === 3 ? [0, 2, 3, 1] : [0, 2, 1];
      value.last = this.#graph.op('Transpose', [value.first!], { perm: order }, `${value.first}/channels_last`);
    }
    return value.last;
  }

  #first(value: Laid): string {
    if (value.shape.length === 1) return this.#last(value);
    if (value.first === undefined) {
      const order = value.shape.length === 3 ? [0, 3, 1, 2] : [0, 2, 1];
      value.first = this.#graph.op('Transpose', [value.last!], { perm: order }, `${value.last}/channels_first`);
    }
    return value.first;
  }

  #input(node: Node): Laid {
    return this.#values.get(node.inputs[0]!.name)!;
  }

  #weight(node: Node, part: string, change: (tensor: Tensor) => Tensor = (tensor) => tensor): string {
    return this.#graph.weight(`${node.name}/${part}`, change(node.weights.get(part)!));
  }

  /** Applies a curve in whichever order the value has. */
  #curved(node: Node, value: Laid, curve: Curve | undefined): Laid {
    if (!curve) return value;
    const graph = this.#graph;
    const apply = (x: string): string => {
      const name = `${node.name}/${curve.kind}`;
      switch (curve.kind) {
        case 'relu':
          return graph.op('Relu', [x], {}, name);
        case 'leaky_relu':
          return graph.op('LeakyRelu', [x], { alpha: curve.number }, name);
        case 'elu':
          return graph.op('Elu', [x], { alpha: curve.number }, name);
        case 'sigmoid':
          return graph.op('Sigmoid', [x], {}, name);
        case 'tanh':
          return graph.op('Tanh', [x], {}, name);
        case 'softplus':
          return graph.op('Softplus', [x], {}, name);
        case 'softmax':
          return graph.op('Softmax', [x], { axis: -1 }, name);
        case 'silu':
          return graph.op('Mul', [x, graph.op('Sigmoid', [x], {}, `${name}/gate`)], {}, name);
        case 'gelu': {
          // ½ x (1 + erf(x / √2))
          const scaled = graph.op('Mul', [x, graph.number(`${name}/root_half`, Math.SQRT1_2)], {}, `${name}/scaled`);
          const share = graph.op('Add', [graph.op('Erf', [scaled], {}, `${name}/erf`), graph.number(`${name}/one`, 1)], {}, `${name}/share`);
          return graph.op('Mul', [graph.op('Mul', [x, graph.number(`${name}/half`, 0.5)], {}, `${name}/halved`), share], {}, name);
        }
        case 'gelu_tanh': {
          // ½ x (1 + tanh(√(2/π) (x + 0.044715 x³)))
          const cube = graph.op('Mul', [graph.op('Mul', [x, x], {}, `${name}/square`), x], {}, `${name}/cube`);
          const bent = graph.op('Mul', [cube, graph.number(`${name}/bend`, 0.044715)], {}, `${name}/bent`);
          const inner = graph.op('Mul', [graph.op('Add', [x, bent], {}, `${name}/sum`), graph.number(`${name}/scale`, Math.sqrt(2 / Math.PI))], {}, `${name}/inner`);
          const share = graph.op('Add', [graph.op('Tanh', [inner], {}, `${name}/tanh`), graph.number(`${name}/one`, 1)], {}, `${name}/share`);
          return graph.op('Mul', [graph.op('Mul', [x, graph.number(`${name}/half`, 0.5)], {}, `${name}/halved`), share], {}, name);
        }
      }
    };
    // A softmax goes along the channels, which must then come last.
    if (value.first !== undefined && value.last === undefined && curve.kind !== 'softmax') return { shape: value.shape, first: apply(value.first) };
    return { shape: value.shape, last: apply(this.#last(value)) };
  }

  #layer(node: Node): Laid {
    const { layer } = node;
    if (isCurve(layer.type)) return this.#curved(node, this.#input(node), curveOf(layer));
    switch (layer.type) {
      case 'conv2d':
      case 'depthwise_conv2d':
      case 'separable_conv2d':
      case 'conv1d':
        return this.#curved(node, this.#convolution(node), curveOf(layer));
      case 'conv2d_transpose':
        return this.#curved(node, this.#transposedConvolution(node), curveOf(layer));
      case 'dense':
        return this.#curved(node, this.#dense(node), curveOf(layer));
      case 'max_pool2d':
      case 'avg_pool2d':
        return this.#pool(node, layer.type === 'max_pool2d');
      case 'global_avg_pool1d':
      case 'global_avg_pool2d':
        return this.#global(node, 'ReduceMean');
      case 'global_max_pool1d':
      case 'global_max_pool2d':
        return this.#global(node, 'ReduceMax');
      case 'flatten':
      case 'reshape':
        return this.#reshape(node, this.#last(this.#input(node)));
      case 'zero_padding2d': {
        const [top, bottom, left, right] = windowOf({ type: 'conv2d', filters: 1, kernel: [1, 1], padding: layer.padding ?? [1] }, [1, 1]).pads;
        const pads = this.#graph.whole(`${node.name}/pads`, [0, 0, top, left, 0, 0, bottom, right]);
        return { shape: node.shape, first: this.#graph.op('Pad', [this.#first(this.#input(node)), pads], {}, node.name) };
      }
      case 'rescaling': {
        const scaled = this.#graph.op('Mul', [this.#last(this.#input(node)), this.#graph.number(`${node.name}/scale`, layer.scale)], {}, `${node.name}/scaled`);
        return { shape: node.shape, last: this.#graph.op('Add', [scaled, this.#graph.number(`${node.name}/offset`, layer.offset ?? 0)], {}, node.name) };
      }
      case 'embedding': {
        const whole = this.#graph.op('Cast', [this.#last(this.#input(node))], { to: 7 }, `${node.name}/whole`);
        const rows = this.#graph.op('Gather', [this.#weight(node, 'embeddings'), whole], { axis: 0 }, `${node.name}/rows`);
        return this.#reshape(node, rows);
      }
      case 'position_embedding': {
        return { shape: node.shape, last: this.#graph.op('Add', [this.#last(this.#input(node)), this.#weight(node, 'embeddings')], {}, node.name) };
      }
      case 'multi_head_attention':
        return this.#attention(node, layer);
      case 'batch_normalization':
        return this.#batchNorm(node, layer);
      case 'layer_normalization':
      case 'rms_normalization':
        return this.#lastAxisNorm(node, layer);
      case 'group_normalization':
        return this.#groupNorm(node, layer);
      case 'dropout':
        return this.#dropout(node, layer);
      case 'add':
        return this.#merged(node, 'Add');
      case 'multiply':
        return this.#merged(node, 'Mul');
      case 'concatenate':
        return this.#concatenated(node);
      default:
        throw unsayable('ONNX', node.name, layer.type);
    }
  }

  #convolution(node: Node): Laid {
    const layer = node.layer as LayerOf<'conv2d' | 'depthwise_conv2d' | 'separable_conv2d' | 'conv1d'>;
    const input = this.#input(node);
    const channels = input.shape.at(-1)!;
    const line = layer.type === 'conv1d';
    const window = windowOf(layer, line ? [1, input.shape[0]!] : [input.shape[0]!, input.shape[1]!]);
    const bias = node.weights.has('bias') ? [this.#weight(node, 'bias')] : [];
    const attributes = windowAttributes(window, line);
    let x = this.#first(input);
    if (layer.type === 'separable_conv2d') {
      const depthwise = this.#weight(node, 'depthwise_kernel', byChannel);
      x = this.#graph.op('Conv', [x, depthwise], { ...attributes, group: channels }, `${node.name}/depthwise`);
      const pointwise = this.#weight(node, 'pointwise_kernel', filtersFirst);
      return { shape: node.shape, first: this.#graph.op('Conv', [x, pointwise, ...bias], { kernel_shape: [1, 1] }, node.name) };
    }
    const depthwise = layer.type === 'depthwise_conv2d';
    const kernel = this.#weight(node, 'kernel', depthwise ? byChannel : filtersFirst);
    const group = depthwise ? channels : (layer.groups ?? 1);
    return { shape: node.shape, first: this.#graph.op('Conv', [x, kernel, ...bias], { ...attributes, group }, node.name) };
  }

  #transposedConvolution(node: Node): Laid {
    const layer = node.layer as LayerOf<'conv2d_transpose'>;
    const [top, bottom, left, right] = cropOf(node);
    // The engine's kernel is [kh][kw][out][in]; ONNX's [in][out][kh][kw].
    const kernel = this.#weight(node, 'kernel', (tensor) => transposed(tensor, [3, 2, 0, 1]));
    const bias = node.weights.has('bias') ? [this.#weight(node, 'bias')] : [];
    const attributes = {
      kernel_shape: layer.kernel,
      strides: layer.stride ?? [1, 1],
      pads: [top, left, Math.max(0, bottom), Math.max(0, right)],
      output_padding: [Math.max(0, -bottom), Math.max(0, -right)],
    };
    return { shape: node.shape, first: this.#graph.op('ConvTranspose', [this.#first(this.#input(node)), kernel, ...bias], attributes, node.name) };
  }

  #dense(node: Node): Laid {
    const product = this.#graph.op('MatMul', [this.#last(this.#input(node)), this.#weight(node, 'kernel')], {}, node.weights.has('bias') ? `${node.name}/product` : node.name);
    if (!node.weights.has('bias')) return { shape: node.shape, last: product };
    return { shape: node.shape, last: this.#graph.op('Add', [product, this.#weight(node, 'bias')], {}, node.name) };
  }

  #pool(node: Node, max: boolean): Laid {
    const layer = node.layer as LayerOf<'max_pool2d' | 'avg_pool2d'>;
    const input = this.#input(node);
    const { dilations: _, ...attributes } = windowAttributes(windowOf(layer, [input.shape[0]!, input.shape[1]!]), false);
    const [type, more] = max ? ['MaxPool', {}] : ['AveragePool', { count_include_pad: 0 }];
    return { shape: node.shape, first: this.#graph.op(type, [this.#first(input)], { ...attributes, ...more }, node.name) };
  }

  #global(node: Node, op: string): Laid {
    const input = this.#input(node);
    const first = input.first !== undefined;
    const from = first ? 2 : 1;
    const axes = input.shape.slice(1).map((_, at) => at + from);
    return { shape: node.shape, last: this.#graph.op(op, [first ? input.first! : this.#last(input)], { axes, keepdims: 0 }, node.name) };
  }

  #reshape(node: Node, x: string): Laid {
    // 0 keeps the batch as it is.
    return { shape: node.shape, last: this.#graph.op('Reshape', [x, this.#graph.whole(`${node.name}/shape`, [0, ...node.shape])], {}, node.name) };
  }

  #attention(node: Node, layer: LayerOf<'multi_head_attention'>): Laid {
    const graph = this.#graph;
    const [steps, width] = node.shape as [number, number];
    const { num_heads: heads, key_dim: key } = layer;
    const x = this.#last(this.#input(node));
    const split = graph.whole(`${node.name}/heads`, [0, steps, heads, key]);
    const rotary = rotaryOf(layer);
    const turned = rotary && this.#turner(node, rotary.angles(steps, key), key);
    const mapped = (part: string, perm: number[]) => {
      const name = `${node.name}/${part}`;
      const kernel = this.#weight(node, `${part}/kernel`, (tensor) => reshaped(tensor, [width, heads * key]));
      let y = graph.op('MatMul', [x, kernel], {}, `${name}/product`);
      if (layer.use_bias ?? true) y = graph.op('Add', [y, this.#weight(node, `${part}/bias`, (tensor) => reshaped(tensor, [heads * key]))], {}, `${name}/sum`);
      return graph.op('Transpose', [graph.op('Reshape', [y, split], {}, `${name}/split`)], { perm }, name);
    };
    const query = turned ? turned(mapped('query', [0, 2, 1, 3]), 'query') : mapped('query', [0, 2, 1, 3]);
    const keys = turned
      ? graph.op('Transpose', [turned(mapped('key', [0, 2, 1, 3]), 'key')], { perm: [0, 1, 3, 2] }, `${node.name}/key/turned/by_number`)
      : mapped('key', [0, 2, 3, 1]);
    const value = mapped('value', [0, 2, 1, 3]);
    let scores = graph.op('MatMul', [query, keys], {}, `${node.name}/products`);
    scores = graph.op('Mul', [scores, graph.number(`${node.name}/scale`, 1 / Math.sqrt(key))], {}, `${node.name}/scores`);
    if (layer.causal) {
      const later = Float32Array.from({ length: steps * steps }, (_, at) => (at % steps > Math.floor(at / steps) ? -Infinity : 0));
      scores = graph.op('Add', [scores, graph.weight(`${node.name}/later`, { shape: [steps, steps], data: later })], {}, `${node.name}/masked`);
    }
    const shares = graph.op('Softmax', [scores], { axis: -1 }, `${node.name}/shares`);
    const heard = graph.op('Transpose', [graph.op('MatMul', [shares, value], {}, `${node.name}/heard`)], { perm: [0, 2, 1, 3] }, `${node.name}/by_step`);
    const joined = graph.op('Reshape', [heard, graph.whole(`${node.name}/joined/shape`, [0, steps, heads * key])], {}, `${node.name}/joined`);
    const kernel = this.#weight(node, 'attention_output/kernel', (tensor) => reshaped(tensor, [heads * key, width]));
    const product = graph.op('MatMul', [joined, kernel], {}, `${node.name}/product`);
    if (!(layer.use_bias ?? true)) return { shape: node.shape, last: product };
    return { shape: node.shape, last: graph.op('Add', [product, this.#weight(node, 'attention_output/bias')], {}, node.name) };
  }

  /** What turns queries or keys [N, H, T, K] by their positions: x · cos + (−second half, first half) · sin. */
  #turner(node: Node, angles: number[][], key: number): (x: string, part: string) => string {
    const graph = this.#graph;
    const pairs = key / 2;
    const table = (name: string, of: (angle: number, first: boolean) => number) =>
      graph.number(`${node.name}/${name}`, angles.flatMap((row) => [...row.map((angle) => of(angle, true)), ...row.map((angle) => of(angle, false))]), [angles.length, key]);
    const cos = table('cos', Math.cos);
    const sin = table('sin', (angle, first) => (first ? -Math.sin(angle) : Math.sin(angle)));
    const halves = graph.whole(`${node.name}/other_half`, Array.from({ length: key }, (_, at) => (at + pairs) % key));
    return (x, part) => {
      const name = `${node.name}/${part}/turned`;
      const other = graph.op('Gather', [x, halves], { axis: -1 }, `${name}/other_half`);
      const along = graph.op('Mul', [x, cos], {}, `${name}/cos`);
      return graph.op('Add', [along, graph.op('Mul', [other, sin], {}, `${name}/sin`)], {}, name);
    };
  }

  /** A weight of the layer, or what stands for one that it doesn't have. */
  #weightOr(node: Node, part: string, value: number): string {
    const channels = node.shape.at(-1)!;
    return node.weights.has(part) ? this.#weight(node, part) : this.#graph.weight(`${node.name}/${part}`, onesOf([channels], value));
  }

  #batchNorm(node: Node, layer: LayerOf<'batch_normalization'>): Laid {
    const weights = [this.#weightOr(node, 'gamma', 1), this.#weightOr(node, 'beta', 0), this.#weight(node, 'moving_mean'), this.#weight(node, 'moving_variance')];
    const attributes = { epsilon: epsilonOf(layer), momentum: layer.momentum ?? 0.99 };
    const y = this.#graph.op('BatchNormalization', [this.#first(this.#input(node)), ...weights], attributes, node.name);
    return node.shape.length === 1 ? { shape: node.shape, last: y } : { shape: node.shape, first: y };
  }

  #lastAxisNorm(node: Node, layer: LayerOf<'layer_normalization' | 'rms_normalization'>): Laid {
    const graph = this.#graph;
    const x = this.#last(this.#input(node));
    if (layer.type === 'layer_normalization') {
      const beta = node.weights.has('beta') ? [this.#weight(node, 'beta')] : [];
      return { shape: node.shape, last: graph.op('LayerNormalization', [x, this.#weightOr(node, 'gamma', 1), ...beta], { axis: -1, epsilon: epsilonOf(layer) }, node.name) };
    }
    const square = graph.op('ReduceMean', [graph.op('Mul', [x, x], {}, `${node.name}/squares`)], { axes: [-1], keepdims: 1 }, `${node.name}/mean_square`);
    const shifted = graph.op('Add', [square, graph.number(`${node.name}/epsilon`, epsilonOf(layer))], {}, `${node.name}/shifted`);
    const normed = graph.op('Div', [x, graph.op('Sqrt', [shifted], {}, `${node.name}/root`)], {}, `${node.name}/normed`);
    return { shape: node.shape, last: graph.op('Mul', [normed, this.#weight(node, 'gamma')], {}, node.name) };
  }

  /** Each group is an instance with one channel. */
  #groupNorm(node: Node, layer: LayerOf<'group_normalization'>): Laid {
    const graph = this.#graph;
    const groups = layer.groups ?? 32;
    const channels = node.shape.at(-1)!;
    const places = node.shape.slice(0, -1);
    const grouped = graph.op('Reshape', [this.#first(this.#input(node)), graph.whole(`${node.name}/grouped`, [0, groups, -1])], {}, `${node.name}/groups`);
    const unit = [graph.weight(`${node.name}/ones`, onesOf([groups])), graph.weight(`${node.name}/zeros`, onesOf([groups], 0))];
    const normed = graph.op('InstanceNormalization', [grouped, ...unit], { epsilon: epsilonOf(layer) }, `${node.name}/normed`);
    const back = graph.op('Reshape', [normed, graph.whole(`${node.name}/ungrouped`, [0, channels, ...places])], {}, `${node.name}/back`);
    const broad = (tensor: Tensor) => reshaped(tensor, [channels, ...places.map(() => 1)]);
    let y = back;
    if (node.weights.has('gamma')) y = graph.op('Mul', [y, this.#weight(node, 'gamma', broad)], {}, `${node.name}/scaled`);
    if (node.weights.has('beta')) y = graph.op('Add', [y, this.#weight(node, 'beta', broad)], {}, node.name);
    return node.shape.length === 1 ? { shape: node.shape, last: y } : { shape: node.shape, first: y };
  }

  /** Outside of training ONNX's Dropout is the identity; its ratio stays in the file. */
  #dropout(node: Node, layer: LayerOf<'dropout'>): Laid {
    const value = this.#input(node);
    const ratio = this.#graph.number(`${node.name}/ratio`, layer.rate);
    const key = value.last === undefined ? 'first' : 'last';
    return { shape: node.shape, [key]: this.#graph.op('Dropout', [value[key]!, ratio], {}, node.name) };
  }

  #merged(node: Node, op: string): Laid {
    const values = node.inputs.map(({ name }) => this.#values.get(name)!);
    const first = values.every((value) => value.first !== undefined);
    const names = values.map((value) => (first ? this.#first(value) : this.#last(value)));
    const result = names.slice(1).reduce((sum, name, at) => this.#graph.op(op, [sum, name], {}, at === names.length - 2 ? node.name : `${node.name}/part`), names[0]!);
    return { shape: node.shape, [first ? 'first' : 'last']: result };
  }

  #concatenated(node: Node): Laid {
    const values = node.inputs.map(({ name }) => this.#values.get(name)!);
    const first = values.every((value) => value.first !== undefined);
    const names = values.map((value) => (first ? this.#first(value) : this.#last(value)));
    return { shape: node.shape, [first ? 'first' : 'last']: this.#graph.op('Concat', names, { axis: first ? 1 : -1 }, node.name) };
  }
}

/** A filter first: [kh][kw][in][out] → [out][in][kh][kw]; of a sequence [k][in][out] → [out][in][k]. */
const filtersFirst = (tensor: Tensor) => transposed(tensor, tensor.shape.length === 3 ? [2, 1, 0] : [3, 2, 0, 1]);

/** One filter for each channel and multiple: [kh][kw][c][m] → [c · m][1][kh][kw]. */
const byChannel = (tensor: Tensor): Tensor => {
  const [kh, kw, c, m] = tensor.shape as [number, number, number, number];
  return reshaped(transposed(tensor, [2, 3, 0, 1]), [c * m, 1, kh, kw]);
};

function windowAttributes({ size, stride, dilation, pads: [top, bottom, left, right] }: Window, line: boolean) {
  const from = line ? 1 : 0;
  return {
    kernel_shape: size.slice(from),
    strides: stride.slice(from),
    dilations: dilation.slice(from),
    pads: line ? [left, right] : [top, left, bottom, right],
  };
}
