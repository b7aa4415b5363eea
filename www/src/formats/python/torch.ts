// A network as a PyTorch module. It takes what the engine takes, channels last, and works channels first inside.
import type { RunSpec } from 'danlu';
import { unsayable } from '../failure.ts';
import { cropOf, curveOf, epsilonOf, isCurve, windowOf, type Curve, type LayerOf, type Model, type Node, type Window } from '../model.ts';
import { rotaryOf } from '../rotary.ts';
import { reshaped, transposed, type Tensor, type Tensors } from '../safetensors.ts';
import { call, Identifiers, indented, py, raw } from './code.ts';
import { helpers, type Helper } from './torch-helpers.ts';

export interface TorchModel {
  source: string;
  state: Tensors;
  /** PyTorch's name for each of the engine's parameters, where one takes its place. */
  parameters: Map<string, string>;
  /** Where the loss takes over the last activation, the model answers without it. */
  ends: 'softmax' | 'sigmoid' | undefined;
}

/** A value's expression, and whether its channels come last, as the engine's do, or first. */
interface Laid {
  code: string;
  shape: number[];
  first: boolean;
}

export const lossType = ({ loss }: RunSpec) => (loss === undefined ? 'categorical_cross_entropy' : typeof loss === 'string' ? loss : loss.type);

export function exportTorch(model: Model, spec: RunSpec): TorchModel {
  return new TorchExporter(model, spec).run();
}

class TorchExporter {
  #ids = new Identifiers();
  #init: string[] = [];
  #forward: string[] = [];
  #values = new Map<string, Laid>();
  #state: Tensors = new Map();
  #parameters = new Map<string, string>();
  #helpers = new Set<Helper>();
  #evaluated: string[] = [];
  /** A chain has one variable, x. */
  readonly #chain: boolean;

  constructor(
    private readonly model: Model,
    private readonly spec: RunSpec,
  ) {
    this.#chain = !('nodes' in spec.model);
  }

  run(): TorchModel {
    const inputs = this.model.inputs.map(({ name }) => (this.#chain ? 'x' : this.#ids.of(name)));
    this.model.inputs.forEach(({ name, shape }, at) => this.#values.set(name, { code: inputs[at]!, shape, first: false }));
    for (const node of this.model.nodes) this.#values.set(node.name, this.#assigned(node, this.#layer(node)));
    const answer = this.#last(this.#values.get(this.model.output.name)!);
    const ends = this.#ends();

    const class_ = [
      'class Model(nn.Module):',
      ...indented([
        `"""Takes ${this.model.inputs.map(({ shape }) => `[N, ${shape.join(', ')}]`).join(' and ')}, answers [N, ${this.model.output.shape.join(', ')}]${ends ? `, before the ${ends}` : ''}."""`,
        '',
        'def __init__(self):',
        ...indented(['super().__init__()', ...this.#init]),
        '',
        `def forward(self, ${inputs.join(', ')}):`,
        ...indented([...this.#forward, `return ${answer.code}`]),
        ...this.#evaluation(),
        '',
        `def predict(self, ${inputs.join(', ')}):`,
        ...indented([`return ${ends === undefined ? `self(${inputs.join(', ')})` : ends === 'softmax' ? `F.softmax(self(${inputs.join(', ')}), dim=-1)` : `torch.sigmoid(self(${inputs.join(', ')}))`}`]),
      ]),
    ];
    const source = [
      'import math',
      'from pathlib import Path',
      '',
      'import torch',
      'import torch.nn.functional as F',
      'from safetensors.torch import load_file',
      'from torch import nn',
      '',
      ...[...helpers].filter(([name]) => this.#helpers.has(name)).flatMap(([, text]) => ['', ...text.trim().split('\n'), '']),
      '',
      ...class_,
      '',
      '',
      'def load(path=Path(__file__).with_name("model.safetensors")):',
      ...indented(['"""The model with its trained weights."""', 'model = Model()', 'model.load_state_dict(load_file(path))', 'return model']),
      '',
    ];
    const text = source.join('\n');
    return {
      source: /\bmath\./.test(text.replace('import math\n', '')) ? text : text.replace('import math\n', ''),
      state: this.#state,
      parameters: this.#parameters,
      ends,
    };
  }

  #ends(): TorchModel['ends'] {
    const loss = lossType(this.spec);
    return loss === 'categorical_cross_entropy' ? 'softmax' : loss === 'binary_cross_entropy' ? 'sigmoid' : undefined;
  }

  /** Frozen batch norms stay as they are in training too. */
  #evaluation(): string[] {
    if (this.#evaluated.length === 0) return [];
    return ['', 'def train(self, mode=True):', ...indented(['super().train(mode)', ...this.#evaluated.map((name) => `self.${name}.eval()`), 'return self'])];
  }

  #assigned(node: Node, value: Laid): Laid {
    const variable = this.#chain ? 'x' : this.#ids.of(node.name);
    if (value.code !== variable) this.#forward.push(`${variable} = ${value.code}`);
    return { ...value, code: variable };
  }

  /** In a chain the order of axes changes in a line of its own; elsewhere within the expression. */
  #turned(value: Laid, first: boolean): Laid {
    if (value.first === first || value.shape.length === 1) return { ...value, first: value.shape.length === 1 ? value.first : first };
    const order = value.shape.length === 2 ? [0, 2, 1] : first ? [0, 3, 1, 2] : [0, 2, 3, 1];
    const code = `${value.code}.permute(${order.join(', ')})`;
    if (!this.#chain) return { ...value, code, first };
    const names = value.shape.length === 2 ? ['NTC', 'NCT'] : ['NHWC', 'NCHW'];
    this.#forward.push(`x = ${code}  # ${first ? names.join(' to ') : names.toReversed().join(' to ')}`);
    value.first = first;
    return value;
  }

  #last = (value: Laid) => this.#turned(value, false);
  #first = (value: Laid) => this.#turned(value, true);

  #input(node: Node): Laid {
    return this.#values.get(node.inputs[0]!.name)!;
  }

  /** Registers a module under the layer's name and gives how to reach it. */
  #module(node: Node, code: string, suffix = ''): string {
    const name = this.#ids.of(node.name) + suffix;
    this.#init.push(`self.${name} = ${code}`);
    if (node.layer.trainable === false && code.startsWith('nn.') && node.weights.size > 0) this.#init.push(`self.${name}.requires_grad_(False)`);
    return `self.${name}`;
  }

  #keep(node: Node, part: string, torch: string, change: (tensor: Tensor) => Tensor = (tensor) => tensor, suffix = '') {
    const tensor = node.weights.get(part);
    if (!tensor) return;
    const name = `${this.#ids.of(node.name)}${suffix}.${torch}`;
    this.#state.set(name, change(tensor));
    this.#parameters.set(`${node.name}/${part}`, name);
  }

  #curved(value: Laid, curve: Curve | undefined, last: boolean): Laid {
    if (!curve || (last && this.#ends() === curve.kind)) return value;
    const { kind, number } = curve;
    if (kind === 'softmax') {
      const turned = this.#last(value);
      return { ...turned, code: `F.softmax(${turned.code}, dim=-1)` };
    }
    const x = value.code;
    const written: Record<Exclude<typeof kind, 'softmax'>, string> = {
      relu: `F.relu(${x})`,
      leaky_relu: `F.leaky_relu(${x}, ${py(number)})`,
      elu: `F.elu(${x}, ${py(number)})`,
      gelu: `F.gelu(${x})`,
      gelu_tanh: `F.gelu(${x}, approximate="tanh")`,
      silu: `F.silu(${x})`,
      sigmoid: `torch.sigmoid(${x})`,
      tanh: `torch.tanh(${x})`,
      softplus: `F.softplus(${x})`,
    };
    return { ...value, code: written[kind] };
  }

  #layer(node: Node): Laid {
    const { layer } = node;
    const last = node === this.model.output;
    const curve = curveOf(layer);
    if (isCurve(layer.type)) return this.#curved(this.#input(node), curve, last);
    switch (layer.type) {
      case 'conv2d':
      case 'depthwise_conv2d':
      case 'separable_conv2d':
      case 'conv1d':
        return this.#curved(this.#convolution(node), curve, last);
      case 'conv2d_transpose':
        return this.#curved(this.#transposedConvolution(node), curve, last);
      case 'dense':
        return this.#curved(this.#dense(node), curve, last);
      case 'max_pool2d':
      case 'avg_pool2d':
        return this.#pool(node);
      case 'global_avg_pool1d':
      case 'global_avg_pool2d':
      case 'global_max_pool1d':
      case 'global_max_pool2d': {
        const x = this.#input(node);
        const axes = x.shape.slice(1).map((_, at) => at + (x.first ? 2 : 1));
        const op = layer.type.includes('avg') ? 'mean' : 'amax';
        return { code: `${x.code}.${op}(dim=${axes.length === 1 ? axes[0] : py(axes)})`, shape: node.shape, first: false };
      }
      case 'flatten':
        return { code: `${this.#last(this.#input(node)).code}.flatten(1)`, shape: node.shape, first: false };
      case 'reshape':
        return { code: `${this.#last(this.#input(node)).code}.reshape(-1, ${node.shape.join(', ')})`, shape: node.shape, first: false };
      case 'zero_padding2d': {
        const { pads } = windowOf({ type: 'conv2d', filters: 1, kernel: [1, 1], padding: layer.padding ?? [1] }, [1, 1]);
        const x = this.#first(this.#input(node));
        return { ...x, code: padded(x.code, pads), shape: node.shape };
      }
      case 'rescaling': {
        const x = this.#input(node);
        return { ...x, code: `${x.code} * ${py(layer.scale)}${layer.offset ? ` + ${py(layer.offset)}` : ''}` };
      }
      case 'embedding': {
        const module = this.#module(node, call('nn.Embedding', [layer.input_dim, layer.output_dim]));
        this.#keep(node, 'embeddings', 'weight');
        const x = this.#input(node);
        return { code: `${module}(${x.code}.long())${x.shape.length === 1 && x.shape[0] === 1 ? '.squeeze(1)' : ''}`, shape: node.shape, first: false };
      }
      case 'position_embedding': {
        this.#helpers.add('PositionEmbedding');
        const module = this.#module(node, call('PositionEmbedding', node.shape));
        this.#freeze(node, module);
        this.#keep(node, 'embeddings', 'weight');
        const x = this.#last(this.#input(node));
        return { ...x, code: `${module}(${x.code})` };
      }
      case 'multi_head_attention':
        return this.#attention(node, layer);
      case 'batch_normalization':
      case 'layer_normalization':
      case 'rms_normalization':
      case 'group_normalization':
        return this.#norm(node, layer);
      case 'dropout': {
        const x = this.#input(node);
        return { ...x, code: `${this.#module(node, call('nn.Dropout', [layer.rate]))}(${x.code})` };
      }
      case 'add':
      case 'multiply': {
        const values = this.#alike(node);
        return { code: values.map(({ code }) => code).join(layer.type === 'add' ? ' + ' : ' * '), shape: node.shape, first: values[0]!.first };
      }
      case 'concatenate': {
        const values = this.#alike(node);
        return { code: `torch.cat([${values.map(({ code }) => code).join(', ')}], dim=${values[0]!.first ? 1 : -1})`, shape: node.shape, first: values[0]!.first };
      }
      default:
        throw unsayable('PyTorch', node.name, layer.type);
    }
  }

  #alike(node: Node): Laid[] {
    const values = node.inputs.map(({ name }) => this.#values.get(name)!);
    const first = values.every((value) => value.first);
    return values.map((value) => this.#turned(value, first));
  }

  #freeze(node: Node, module: string) {
    if (node.layer.trainable === false) this.#init.push(`${module}.requires_grad_(False)`);
  }

  #convolution(node: Node): Laid {
    const layer = node.layer as LayerOf<'conv2d' | 'depthwise_conv2d' | 'separable_conv2d' | 'conv1d'>;
    const line = layer.type === 'conv1d';
    const input = this.#first(this.#input(node));
    const c = input.shape.at(-1)!;
    const window = windowOf(layer, line ? [1, input.shape[0]!] : [input.shape[0]!, input.shape[1]!]);
    const { code, padding } = around(input.code, window, line);
    const settings = {
      ...sizes(window, line),
      padding,
      groups: line || layer.type === 'conv2d' ? unless(1, layer.groups) : c === 1 ? undefined : c,
      bias: (layer.use_bias ?? true) && layer.type !== 'separable_conv2d' ? undefined : false,
    };
    const kernel = line ? window.size[1] : square(window.size);
    if (layer.type === 'separable_conv2d') {
      const middle = c * (layer.depth_multiplier ?? 1);
      const depthwise = this.#module(node, call('nn.Conv2d', [c, middle, kernel], settings), '_depthwise');
      this.#keep(node, 'depthwise_kernel', 'weight', byChannel, '_depthwise');
      const pointwise = this.#module(node, call('nn.Conv2d', [middle, layer.filters, 1], { bias: (layer.use_bias ?? true) ? undefined : false }), '_pointwise');
      this.#keep(node, 'pointwise_kernel', 'weight', filtersFirst, '_pointwise');
      this.#keep(node, 'bias', 'bias', undefined, '_pointwise');
      return { code: `${pointwise}(${depthwise}(${code}))`, shape: node.shape, first: true };
    }
    const module = this.#module(node, call(line ? 'nn.Conv1d' : 'nn.Conv2d', [c, node.shape.at(-1), kernel], settings));
    this.#keep(node, 'kernel', 'weight', layer.type === 'depthwise_conv2d' ? byChannel : filtersFirst);
    this.#keep(node, 'bias', 'bias');
    return { code: `${module}(${code})`, shape: node.shape, first: true };
  }

  #transposedConvolution(node: Node): Laid {
    const layer = node.layer as LayerOf<'conv2d_transpose'>;
    const input = this.#first(this.#input(node));
    const [top, bottom, left, right] = cropOf(node);
    const behind = [Math.max(0, -bottom), Math.max(0, -right)];
    const even = top === Math.max(0, bottom) && left === Math.max(0, right);
    const module = this.#module(
      node,
      call('nn.ConvTranspose2d', [input.shape.at(-1), layer.filters, square(layer.kernel)], {
        stride: unless(1, square(layer.stride ?? [1, 1])),
        padding: even ? unless(0, square([top, left])) : undefined,
        output_padding: unless(0, square(behind as [number, number])),
        bias: (layer.use_bias ?? true) ? undefined : false,
      }),
    );
    this.#keep(node, 'kernel', 'weight', (tensor) => transposed(tensor, [3, 2, 0, 1]));
    this.#keep(node, 'bias', 'bias');
    const cut = (from: number, size: number) => `${from}:${from + size}`;
    const crop = even ? '' : `[:, :, ${cut(top, node.shape[0]!)}, ${cut(left, node.shape[1]!)}]`;
    return { code: `${module}(${input.code})${crop}`, shape: node.shape, first: true };
  }

  #dense(node: Node): Laid {
    const layer = node.layer as LayerOf<'dense'>;
    const x = this.#last(this.#input(node));
    const module = this.#module(node, call('nn.Linear', [x.shape.at(-1), layer.units], { bias: (layer.use_bias ?? true) ? undefined : false }));
    this.#keep(node, 'kernel', 'weight', (tensor) => transposed(tensor, [1, 0]));
    this.#keep(node, 'bias', 'bias');
    return { code: `${module}(${x.code})`, shape: node.shape, first: false };
  }

  #pool(node: Node): Laid {
    const layer = node.layer as LayerOf<'max_pool2d' | 'avg_pool2d'>;
    const input = this.#first(this.#input(node));
    const window = windowOf(layer, [input.shape[0]!, input.shape[1]!]);
    const { size, stride, pads } = window;
    const same = size.every((side, axis) => side === stride[axis]);
    const settings = { stride: same ? undefined : square(stride) };
    const padding = [pads[0], pads[2]] as [number, number];
    // PyTorch's own padding is as much on both sides, and at most half a window.
    const own = window.symmetrical && padding.every((pad, axis) => 2 * pad <= size[axis]!);
    const result = (code: string) => ({ code, shape: node.shape, first: true });
    if (layer.type === 'max_pool2d') {
      if (own) return result(call('F.max_pool2d', [raw(input.code), square(size)], { ...settings, padding: unless(0, square(padding)) }));
      return result(call('F.max_pool2d', [raw(padded(input.code, pads, '-math.inf')), square(size)], settings));
    }
    if (own) {
      const padding_ = unless(0, square(padding));
      return result(call('F.avg_pool2d', [raw(input.code), square(size)], { ...settings, padding: padding_, count_include_pad: padding_ === undefined ? undefined : false }));
    }
    this.#helpers.add('average_inside');
    return result(call('average_inside', [raw(input.code), size, stride, torchPads(pads)]));
  }

  #attention(node: Node, layer: LayerOf<'multi_head_attention'>): Laid {
    this.#helpers.add('SelfAttention');
    const rotary = rotaryOf(layer);
    if (rotary) this.#helpers.add('RotarySelfAttention');
    const { num_heads: heads, key_dim: key } = layer;
    const width = node.shape[1]!;
    const module = this.#module(
      node,
      call(rotary ? 'RotarySelfAttention' : 'SelfAttention', [width, heads, key], { ...rotary?.given, causal: layer.causal || undefined, bias: (layer.use_bias ?? true) ? undefined : false }),
    );
    this.#freeze(node, module);
    for (const part of ['query', 'key', 'value']) {
      this.#keep(node, `${part}/kernel`, `${part}.weight`, (tensor) => transposed(reshaped(tensor, [width, heads * key]), [1, 0]));
      this.#keep(node, `${part}/bias`, `${part}.bias`, (tensor) => reshaped(tensor, [heads * key]));
    }
    this.#keep(node, 'attention_output/kernel', 'output.weight', (tensor) => transposed(reshaped(tensor, [heads * key, width]), [1, 0]));
    this.#keep(node, 'attention_output/bias', 'output.bias');
    return { code: `${module}(${this.#last(this.#input(node)).code})`, shape: node.shape, first: false };
  }

  #norm(node: Node, layer: LayerOf<'batch_normalization' | 'layer_normalization' | 'rms_normalization' | 'group_normalization'>): Laid {
    const channels = node.shape.at(-1)!;
    const eps = epsilonOf(layer);
    const scale = node.weights.has('gamma');
    const center = node.weights.has('beta');
    const affine = { affine: scale || center ? undefined : false };
    const over = layer.type === 'batch_normalization' || layer.type === 'group_normalization';
    const x = over ? this.#first(this.#input(node)) : this.#last(this.#input(node));
    const code = {
      batch_normalization: () =>
        call(node.shape.length === 3 ? 'nn.BatchNorm2d' : 'nn.BatchNorm1d', [channels], {
          eps,
          // PyTorch's momentum is what the new statistics count for.
          momentum: layer.type === 'batch_normalization' ? Number((1 - (layer.momentum ?? 0.99)).toPrecision(12)) : undefined,
          ...affine,
        }),
      group_normalization: () => call('nn.GroupNorm', [layer.type === 'group_normalization' ? (layer.groups ?? 32) : 1, channels], { eps, ...affine }),
      layer_normalization: () => call('nn.LayerNorm', [channels], { eps, elementwise_affine: scale || center ? undefined : false }),
      rms_normalization: () => call('nn.RMSNorm', [channels], { eps }),
    }[layer.type]();
    const module = this.#module(node, code);
    this.#keep(node, 'gamma', 'weight');
    this.#keep(node, 'beta', 'bias');
    if (scale !== center && layer.type !== 'rms_normalization') {
      // PyTorch has both or none: the other one stays at what changes nothing.
      const [torch, value] = scale ? ['bias', 0] : ['weight', 1];
      this.#state.set(`${this.#ids.of(node.name)}.${torch}`, { shape: [channels], data: new Float32Array(channels).fill(value as number) });
      this.#init.push(`${module}.${torch}.requires_grad_(False)`);
    }
    if (layer.type === 'batch_normalization') {
      this.#keep(node, 'moving_mean', 'running_mean');
      this.#keep(node, 'moving_variance', 'running_var');
      this.#state.set(`${this.#ids.of(node.name)}.num_batches_tracked`, { shape: [], data: new Float32Array(1) });
      if (layer.trainable === false) this.#evaluated.push(this.#ids.of(node.name));
    }
    return { code: `${module}(${x.code})`, shape: node.shape, first: over && node.shape.length > 1 };
  }
}

const square = (pair: readonly number[]) => (pair[0] === pair[1] ? pair[0] : [...pair]);
const unless = <T>(usual: T, value: T | undefined) => (value === usual ? undefined : value);

function sizes({ stride, dilation }: Window, line: boolean) {
  const one = (pair: readonly number[]) => unless<unknown>(1, line ? pair[1] : square(pair));
  return { stride: one(stride), dilation: one(dilation) };
}

/** Left, right, top, bottom, as F.pad counts. */
const torchPads = ([top, bottom, left, right]: Window['pads']) => [left, right, top, bottom];

function padded(code: string, pads: Window['pads'], value?: string): string {
  return `F.pad(${code}, ${py(torchPads(pads))}${value ? `, value=${value}` : ''})`;
}

/** Padding that is the same on both sides goes into the layer, any other is written out before it. */
function around(code: string, { pads, symmetrical }: Window, line: boolean): { code: string; padding: unknown } {
  if (symmetrical) return { code, padding: unless<unknown>(0, line ? pads[2] : square([pads[0], pads[2]])) };
  return { code: line ? `F.pad(${code}, ${py([pads[2], pads[3]])})` : padded(code, pads), padding: undefined };
}

const filtersFirst = (tensor: Tensor) => transposed(tensor, tensor.shape.length === 3 ? [2, 1, 0] : [3, 2, 0, 1]);
const byChannel = (tensor: Tensor): Tensor => {
  const [kh, kw, c, m] = tensor.shape as [number, number, number, number];
  return reshaped(transposed(tensor, [2, 3, 0, 1]), [c * m, 1, kh, kw]);
};
