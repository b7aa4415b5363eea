// A network out of an ONNX file. From the output backwards each value becomes a layer's; where images are by channel in the
// file, they are by pixel here, and weights are turned with them. What the engine doesn't know is refused by node and
// attribute.
import type { Activation, LayerSpec } from 'danlu';
import { malformed, unsupported } from '../failure.ts';
import type { Network as Read } from '../read.ts';
import { reshaped, sizeOf, transposed, type Tensor } from '../safetensors.ts';
import { attentionAt } from './attention.ts';
import { curveAt } from './curves.ts';
import { Network, paddingOf, type Value } from './network.ts';
import type { NodeProto } from './proto.ts';
import { Source } from './source.ts';

export function importOnnx(file: string, bytes: Uint8Array): Read {
  return new OnnxImporter(new Source(file, bytes)).run();
}

const curves: Record<string, Activation> = { Relu: 'relu', Sigmoid: 'sigmoid', Tanh: 'tanh', Softplus: 'softplus' };
/** Operations that take images by channel. */
const spatial = new Set(['Conv', 'ConvTranspose', 'MaxPool', 'AveragePool', 'GlobalAveragePool', 'GlobalMaxPool', 'BatchNormalization', 'InstanceNormalization', 'Pad']);

class OnnxImporter {
  readonly #network: Network;
  readonly #values = new Map<string, Value>();
  #turned = false;

  constructor(private readonly source: Source) {
    const constants = new Set(source.graph.initializer.map(({ name }) => name));
    const inputs = source.graph.input.filter(({ name }) => !constants.has(name)).map(({ name, type }) => {
      const dims = type?.tensor_type?.shape?.dim;
      if (!dims || dims.length < 2) throw unsupported(source.file, name, '[N, …]', JSON.stringify(dims?.map((dim) => dim.dim_value) ?? null));
      const sides = dims.slice(1).map(({ dim_value }) => dim_value);
      if (sides.some((side) => side < 1)) throw unsupported(source.file, name, '[N, sizes]', JSON.stringify(dims.map((dim) => dim.dim_value || dim.dim_param || '?')));
      const first = sides.length > 1 && this.#byChannel(name, sides.length);
      this.#turned ||= first;
      const shape = first ? [...sides.slice(1), sides[0]!] : sides;
      this.#values.set(name, { name, shape, first });
      return { name, shape };
    });
    this.#network = new Network(inputs);
  }

  run(): Read {
    const outputs = this.source.graph.output;
    if (outputs.length !== 1) throw unsupported(this.source.file, 'graph.output', '1', String(outputs.length));
    const answer = this.value(outputs[0]!.name);
    if (!this.#network.node(answer.name)) throw unsupported(this.source.file, 'graph', 'at least one layer', answer.name);
    if (answer.turned) throw unsupported(this.source.file, outputs[0]!.name, '[N, H, W, C]', `[N, ${answer.turned.join(' · ')}]`);
    return { ...this.#network.finish(answer.name), turned: this.#turned };
  }

  /** Whether an input's channels come first: what works on it first says. */
  #byChannel(input: string, rank: number): boolean {
    const seen = new Set<string>();
    let edge = [input];
    while (edge.length > 0) {
      const users = edge.flatMap((value) => this.source.users(value));
      if (users.some((node) => node.op_type === 'Transpose' && rank > 1)) return false;
      if (users.some((node) => spatial.has(node.op_type))) return true;
      edge = users.flatMap((node) => (['MatMul', 'Gemm', 'Reshape', 'Flatten', 'LayerNormalization', 'Gather'].includes(node.op_type) ? [] : node.output)).filter((value) => !seen.has(value));
      edge.forEach((value) => seen.add(value));
    }
    return rank === 3 && this.source.users(input).some((node) => node.op_type === 'Flatten' || node.op_type === 'Reshape');
  }

  value(name: string): Value {
    const known = this.#values.get(name);
    if (known) return known;
    const node = this.source.maker(name);
    if (!node) throw malformed(this.source.file, name, 'an input or the output of a node', 'nothing');
    const made = this.#made(node);
    this.#values.set(name, made);
    return made;
  }

  #input(node: NodeProto, at = 0): Value {
    const name = node.input[at];
    if (!name) return this.source.refuse(node, `input ${at}`, 'a value', 'nothing');
    if (this.source.constant(name)) return this.source.refuse(node, `input ${at}`, 'no constant', name);
    return this.value(name);
  }

  #add(layer: LayerSpec, from: Value[], weights: Record<string, Tensor | undefined> = {}): Value {
    return this.#network.add(layer, from, weights);
  }

  /** Number by number, a value keeps its order of axes. */
  #alike(layer: LayerSpec, from: Value): Value {
    return { ...from, ...this.#add(layer, [from]), first: from.first, ...(from.turned && { turned: from.turned }), ...(from.ones && { ones: from.ones }) };
  }

  /** An image, by channel; what a pooling over all places left is one again. */
  #image(node: NodeProto, rank: number): Value {
    const value = this.#input(node);
    if (value.ones === rank - 1) return { ...this.#add({ type: 'reshape', shape: [...Array.from({ length: rank - 1 }, () => 1), ...value.shape] }, [value]), first: true };
    if (value.shape.length !== rank || !value.first) this.source.refuse(node, 'input', rank === 3 ? '[N, C, H, W]' : '[N, C, T]', `[N, ${value.shape.join(', ')}]`);
    return value;
  }

  #made(node: NodeProto): Value {
    const { source } = this;
    const output = node.output[0]!;
    if (node.op_type === 'Mul' || node.op_type === 'Div') {
      const curve = curveAt(source, output);
      if (curve) return this.#alike({ type: 'activation', activation: curve.kind }, this.value(curve.of));
    }
    const heads = attentionAt(source, output);
    if (heads) {
      const { of, weights, ...fields } = heads;
      return this.#add({ type: 'multi_head_attention', ...fields }, [this.value(of)], weights);
    }
    const curve = curves[node.op_type];
    if (curve) return this.#alike({ type: 'activation', activation: curve }, this.#input(node));
    switch (node.op_type) {
      case 'Identity':
      case 'Cast':
        return this.#input(node);
      case 'Dropout': {
        const rate = source.scalar(node.input[1]) ?? source.float(node, 'ratio', 0.5);
        return this.#alike({ type: 'dropout', rate: Number(rate.toPrecision(7)) }, this.#input(node));
      }
      case 'LeakyRelu':
        return this.#alike({ type: 'leaky_relu', negative_slope: source.float(node, 'alpha', 0.01) }, this.#input(node));
      case 'Elu':
        return this.#alike({ type: 'elu', alpha: source.float(node, 'alpha', 1) }, this.#input(node));
      case 'Gelu': {
        const form = source.text(node, 'approximate', 'none');
        return this.#alike({ type: 'gelu', approximate: form === 'tanh' }, this.#input(node));
      }
      case 'Softmax': {
        const value = this.#input(node);
        const axis = source.int(node, 'axis', -1);
        const channels = value.first ? [1] : [-1, value.shape.length];
        if (!channels.includes(axis) || value.ones || value.turned) source.refuse(node, 'axis', channels.join(' | '), String(axis));
        return this.#alike({ type: 'softmax' }, value);
      }
      case 'Conv':
        return this.#convolution(node);
      case 'ConvTranspose':
        return this.#transposedConvolution(node);
      case 'MaxPool':
      case 'AveragePool':
        return this.#pool(node);
      case 'GlobalAveragePool':
      case 'GlobalMaxPool': {
        const value = this.#input(node);
        return this.#global(node, value, node.op_type === 'GlobalMaxPool', true);
      }
      case 'ReduceMean':
      case 'ReduceMax':
        return this.#reduced(node);
      case 'Gemm':
        return this.#gemm(node);
      case 'MatMul':
        return this.#dense(node, this.#input(node), source.weight(node, 1, 'input 1'));
      case 'BatchNormalization':
        return this.#batchNorm(node);
      case 'LayerNormalization':
        return this.#layerNorm(node);
      case 'Flatten':
        source.only(node, 'axis', 1);
        return this.#flattened(this.#input(node));
      case 'Reshape':
        return this.#reshaped(node);
      case 'Squeeze':
      case 'Unsqueeze':
        return this.#squeezed(node);
      case 'Transpose':
        return this.#transposed(node);
      case 'Pad':
        return this.#padded(node);
      case 'Concat': {
        const values = node.input.map((_, at) => this.#input(node, at));
        const axis = source.int(node, 'axis', 1);
        const first = values.every((value) => value.first);
        const channels = first ? [1] : [-1, values[0]!.shape.length];
        if (!channels.includes(axis) || values.some((value) => value.first !== first || value.ones || value.turned)) source.refuse(node, 'axis', channels.join(' | '), String(axis));
        return this.#add({ type: 'concatenate' }, values);
      }
      case 'Gather': {
        const table = source.weight(node, 0, 'input 0');
        source.only(node, 'axis', 0);
        const [input_dim, output_dim] = table.shape;
        if (table.shape.length !== 2) source.refuse(node, 'input 0', '[rows, columns]', table.shape);
        return this.#add({ type: 'embedding', input_dim: input_dim!, output_dim: output_dim! }, [this.#input(node, 1)], { embeddings: table });
      }
      case 'Add':
      case 'Mul':
      case 'Sub':
      case 'Div':
        return this.#arithmetic(node);
      default:
        throw unsupported(source.file, source.place(node), 'an operation that the engine has', node.op_type);
    }
  }

  /** Padding as the engine has it: top, bottom, left, right, or `same`. */
  #padding(node: NodeProto, rank: number): 'same' | number[] {
    const auto = this.source.text(node, 'auto_pad', 'NOTSET');
    if (auto === 'SAME_UPPER') return 'same';
    if (auto === 'SAME_LOWER') return this.source.refuse(node, 'auto_pad', 'NOTSET | VALID | SAME_UPPER', auto);
    const pads = auto === 'VALID' ? [] : (this.source.ints(node, 'pads') ?? []);
    const at = (index: number) => pads[index] ?? 0;
    return rank === 1 ? [0, 0, at(0), at(1)] : [at(0), at(2), at(1), at(3)];
  }

  #window(node: NodeProto, rank: number) {
    const sizes = (name: string) => this.source.ints(node, name) ?? Array.from({ length: rank }, () => 1);
    return { stride: sizes('strides'), dilation: sizes('dilations') };
  }

  #convolution(node: NodeProto): Value {
    const kernel = this.source.weight(node, 1, 'input 1');
    const rank = kernel.shape.length - 2;
    if (rank !== 1 && rank !== 2) this.source.refuse(node, 'input 1', '[O, C, K] | [O, C, KH, KW]', kernel.shape);
    const image = this.#image(node, rank + 1);
    const padding = this.#padding(node, rank);
    const { stride, dilation } = this.#window(node, rank);
    const groups = this.source.int(node, 'group', 1);
    const bias = node.input[2] ? this.source.weight(node, 2, 'input 2') : undefined;
    const use_bias = bias !== undefined;
    const [filters, , ...size] = kernel.shape as [number, number, ...number[]];
    if (rank === 1) {
      const pads = padding === 'same' ? padding : padding[2] || padding[3] ? ([padding[2]!, padding[3]!] as [number, number]) : ('valid' as const);
      const layer: LayerSpec = { type: 'conv1d', filters, kernel: size[0]!, stride: stride[0]!, dilation: dilation[0]!, padding: pads, groups, use_bias };
      return this.#add(layer, [image], { kernel: transposed(kernel, [2, 1, 0]), bias });
    }
    const fields = { kernel: size as [number, number], stride: stride as [number, number], dilation: dilation as [number, number], padding: padding === 'same' ? padding : paddingOf(padding), use_bias };
    const channels = image.shape[2]!;
    if (groups === channels && groups > 1) {
      const depth_multiplier = filters / channels;
      const turned = transposed(reshaped(kernel, [channels, depth_multiplier, ...size]), [2, 3, 0, 1]);
      return this.#add({ type: 'depthwise_conv2d', depth_multiplier, ...fields }, [image], { kernel: turned, bias });
    }
    return this.#add({ type: 'conv2d', filters, groups, ...fields }, [image], { kernel: transposed(kernel, [2, 3, 1, 0]), bias });
  }

  #transposedConvolution(node: NodeProto): Value {
    const image = this.#image(node, 3);
    const kernel = this.source.weight(node, 1, 'input 1');
    this.source.only(node, 'group', 1);
    const { stride, dilation } = this.#window(node, 2);
    if (dilation.some((one) => one !== 1)) this.source.refuse(node, 'dilations', '[1, 1]', dilation);
    const [, filters, ...size] = kernel.shape as [number, number, number, number];
    const pads = this.#padding(node, 2);
    const behind = this.source.ints(node, 'output_padding') ?? [0, 0];
    const beyond = [0, 1].map((axis) => size[axis]! - stride[axis]!);
    const fits = (same: boolean) =>
      [0, 1].every((axis) => {
        const cut = same ? Math.max(0, beyond[axis]!) : 0;
        const before = Math.floor(cut / 2);
        return pads !== 'same' && pads[2 * axis] === before && pads[2 * axis + 1] === cut - before && behind[axis] === Math.max(0, -beyond[axis]!);
      });
    const padding = fits(false) ? 'valid' : pads === 'same' || fits(true) ? 'same' : undefined;
    if (!padding) return this.source.refuse(node, 'pads', 'valid | same', { pads, output_padding: behind });
    const bias = node.input[2] ? this.source.weight(node, 2, 'input 2') : undefined;
    const layer: LayerSpec = { type: 'conv2d_transpose', filters, kernel: size as [number, number], stride: stride as [number, number], padding, use_bias: bias !== undefined };
    return this.#add(layer, [image], { kernel: transposed(kernel, [2, 3, 1, 0]), bias });
  }

  #pool(node: NodeProto): Value {
    const size = this.source.ints(node, 'kernel_shape') ?? [];
    if (size.length !== 2) this.source.refuse(node, 'kernel_shape', '2 sizes', size);
    let image = this.#image(node, 3);
    this.source.only(node, 'ceil_mode', 0);
    const { stride, dilation } = this.#window(node, 2);
    if (dilation.some((one) => one !== 1)) this.source.refuse(node, 'dilations', '[1, 1]', dilation);
    let padding = this.#padding(node, 2);
    const type = node.op_type === 'MaxPool' ? 'max_pool2d' : 'avg_pool2d';
    if (type === 'avg_pool2d' && this.source.int(node, 'count_include_pad', 0) === 1 && padding !== 'same' && padding.some((pad) => pad > 0)) {
      // The engine's means count what lies inside only; zeros laid around are inside.
      image = this.#add({ type: 'zero_padding2d', padding: padding as [number, number, number, number] }, [image]);
      padding = [0, 0, 0, 0];
    }
    return this.#add({ type, size: size as [number, number], stride: stride as [number, number], padding: padding === 'same' ? padding : paddingOf(padding) }, [image]);
  }

  #global(node: NodeProto, value: Value, max: boolean, keep: boolean): Value {
    const places = value.shape.length - 1;
    if (places !== 1 && places !== 2) this.source.refuse(node, 'input', '[N, C, H, W] | [N, C, T]', value.shape);
    const type = `global_${max ? 'max' : 'avg'}_pool${places as 1 | 2}d` as const;
    return { ...this.#add({ type }, [value]), ...(keep && { ones: places }) };
  }

  #reduced(node: NodeProto): Value {
    const value = this.#input(node);
    const rank = value.shape.length + 1;
    const constant = this.source.constant(node.input[1]);
    const axes = (this.source.ints(node, 'axes') ?? (constant ? Array.from(constant.values) : [])).map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);
    const expected = Array.from({ length: rank - 2 }, (_, at) => at + (value.first ? 2 : 1));
    if (axes.join() !== expected.join()) this.source.refuse(node, 'axes', JSON.stringify(expected), axes);
    const keep = this.source.int(node, 'keepdims', 1) === 1;
    if (keep && !value.first) this.source.refuse(node, 'keepdims', '0', '1');
    return this.#global(node, value, node.op_type === 'ReduceMax', keep);
  }

  #gemm(node: NodeProto): Value {
    for (const name of ['alpha', 'beta']) if (this.source.float(node, name, 1) !== 1) this.source.refuse(node, name, '1', String(this.source.float(node, name, 1)));
    this.source.only(node, 'transA', 0);
    const kernel = this.source.weight(node, 1, 'input 1');
    const turned = this.source.int(node, 'transB', 0) === 1 ? transposed(kernel, [1, 0]) : kernel;
    const dense = this.#dense(node, this.#input(node), turned);
    const bias = node.input[2] ? this.source.weight(node, 2, 'input 2') : undefined;
    return bias ? this.#biased(dense, bias) : dense;
  }

  #dense(node: NodeProto, value: Value, kernel: Tensor): Value {
    const [inputs, units] = kernel.shape as [number, number];
    if (kernel.shape.length !== 2 || inputs !== value.shape.at(-1) || value.first || value.ones) {
      this.source.refuse(node, 'input 1', `[${value.shape.at(-1)}, units]`, kernel.shape);
    }
    let turned = kernel;
    if (value.turned) {
      // Rows come in the order c, h, w; the engine's values in the order h, w, c.
      turned = reshaped(transposed(reshaped(kernel, [...value.turned, units]), [1, 2, 0, 3]), [inputs, units]);
    }
    return this.#add({ type: 'dense', units, use_bias: false }, [{ name: value.name, shape: value.shape, first: false }], { kernel: turned });
  }

  /** Gives a layer that has none a bias. */
  #biased(value: Value, bias: Tensor): Value {
    const layer = this.#network.node(value.name) as { use_bias?: boolean };
    layer.use_bias = true;
    this.#network.tensors.set(`${value.name}/bias`, reshaped(bias, [bias.data.length]));
    return value;
  }

  #batchNorm(node: NodeProto): Value {
    const value = this.#input(node);
    if (value.shape.length > 1 && !value.first) this.source.refuse(node, 'input', '[N, C, …]', value.shape);
    const [gamma, beta, moving_mean, moving_variance] = [1, 2, 3, 4].map((at) => this.#by(value, this.source.weight(node, at, `input ${at}`)));
    const layer: LayerSpec = { type: 'batch_normalization', epsilon: this.source.float(node, 'epsilon', 1e-5), momentum: this.source.float(node, 'momentum', 0.9) };
    const result = this.#add(layer, [value], { gamma, beta, moving_mean, moving_variance });
    return { ...result, first: value.first, ...(value.turned && { turned: value.turned }) };
  }

  /** One number for each place of a flat value, in the engine's order. */
  #by({ turned }: Value, tensor: Tensor): Tensor {
    return turned ? reshaped(transposed(reshaped(tensor, turned), [1, 2, 0]), tensor.shape) : tensor;
  }

  #layerNorm(node: NodeProto): Value {
    const value = this.#input(node);
    const axis = this.source.int(node, 'axis', -1);
    if ((axis !== -1 && axis !== value.shape.length) || value.first || value.ones) this.source.refuse(node, 'axis', '-1', String(axis));
    const gamma = this.source.weight(node, 1, 'input 1');
    const beta = node.input[2] ? this.source.weight(node, 2, 'input 2') : undefined;
    const layer: LayerSpec = { type: 'layer_normalization', epsilon: this.source.float(node, 'epsilon', 1e-5), center: beta !== undefined };
    const result = this.#add(layer, [value], { gamma: this.#by(value, gamma), beta: beta && this.#by(value, beta) });
    return { ...result, ...(value.turned && { turned: value.turned }) };
  }

  #flattened(value: Value): Value {
    const { ones: _, ...plain } = value;
    if (value.shape.length === 1) return plain;
    const turned = value.first && sizeOf(value.shape.slice(0, -1)) > 1 && value.shape.at(-1)! > 1;
    if (turned && value.shape.length === 2) {
      return this.#flattened({ ...this.#add({ type: 'reshape', shape: [1, ...value.shape] }, [value]), first: true });
    }
    const flat = { ...this.#add({ type: 'flatten' }, [value]), first: false };
    return turned ? { ...flat, turned: [value.shape[2]!, value.shape[0]!, value.shape[1]!] } : flat;
  }

  #reshaped(node: NodeProto): Value {
    const normed = this.#groupNorm(node);
    if (normed) return normed;
    const value = this.#input(node);
    const target = this.source.constant(node.input[1]);
    if (!target) return this.source.refuse(node, 'shape', 'a constant', node.input[1]!);
    // Without the batch; 0 keeps a size, -1 takes the rest.
    const size = sizeOf(value.shape);
    let shape = Array.from(target.values).slice(1).map((side, at) => (side === 0 ? value.shape[at]! : side));
    const known = sizeOf(shape.filter((side) => side !== -1));
    shape = shape.map((side) => (side === -1 ? size / known : side));
    if (sizeOf(shape) !== size) this.source.refuse(node, 'shape', `[N, …] of ${size} numbers`, Array.from(target.values));
    if (shape.length === 1) return this.#flattened(value);
    const { ones: _, ...plain } = value;
    if (shape.join() === value.shape.join() && !value.first) return plain;
    if (value.turned || (value.first && sizeOf(value.shape.slice(0, -1)) > 1)) this.source.refuse(node, 'input', '[N, …, C]', `[N, C, …]`);
    return { ...this.#add({ type: 'reshape', shape }, [value]), first: false };
  }

  /** Reshape → InstanceNormalization → Reshape: each group is an instance's channel. */
  #groupNorm(node: NodeProto): Value | undefined {
    const inner = this.source.made(node.input[0], 'InstanceNormalization');
    const before = inner && this.source.made(inner.input[0], 'Reshape');
    const groups = before && this.source.constant(before.input[1])?.values[1];
    if (!inner || !before || !groups) return undefined;
    const plain = [1, 0].every((value, at) => Array.from(this.source.weight(inner, at + 1, `input ${at + 1}`).data).every((one) => one === value));
    if (!plain) return this.source.refuse(inner, 'input 1', 'ones and zeros', 'others');
    const value = this.#input(before);
    if (value.shape.length > 1 && !value.first) return this.source.refuse(before, 'input', '[N, C, …]', value.shape);
    const layer: LayerSpec = { type: 'group_normalization', groups, epsilon: this.source.float(inner, 'epsilon', 1e-5), center: false, scale: false };
    return { ...this.#add(layer, [value]), first: value.first };
  }

  #squeezed(node: NodeProto): Value {
    const value = this.#input(node);
    const axes = this.source.ints(node, 'axes') ?? Array.from(this.source.constant(node.input[1])?.values ?? []);
    if (node.op_type !== 'Squeeze' || !value.ones || axes.length !== value.ones) this.source.refuse(node, 'axes', 'those that a global pooling left', axes);
    const { ones: _, ...plain } = value;
    return plain;
  }

  #transposed(node: NodeProto): Value {
    const value = this.#input(node);
    const perm = (this.source.ints(node, 'perm') ?? []).join();
    const [toFirst, toLast] = value.shape.length === 3 ? ['0,3,1,2', '0,2,3,1'] : ['0,2,1', '0,2,1'];
    if (value.shape.length < 2 || value.ones || perm !== (value.first ? toLast : toFirst)) this.source.refuse(node, 'perm', value.first ? toLast : toFirst, perm);
    return { ...value, first: !value.first };
  }

  #padded(node: NodeProto): Value {
    const image = this.#image(node, 3);
    const mode = this.source.text(node, 'mode', 'constant');
    const pads = this.source.ints(node, 'pads') ?? Array.from(this.source.constant(node.input[1])?.values ?? []);
    const fill = this.source.scalar(node.input[2]) ?? 0;
    const [n, c, top, left, n2, c2, bottom, right] = pads;
    if (mode !== 'constant' || fill !== 0 || pads.length !== 8 || n || c || n2 || c2) this.source.refuse(node, 'pads', '[0, 0, top, left, 0, 0, bottom, right], zeros', { mode, fill, pads });
    return this.#add({ type: 'zero_padding2d', padding: [top!, bottom!, left!, right!] }, [image]);
  }

  #arithmetic(node: NodeProto): Value {
    const { source } = this;
    const rms = this.#rms(node);
    if (rms) return rms;
    const at = node.input.findIndex((input) => source.constant(input) !== undefined);
    if (at < 0) {
      if (node.op_type !== 'Add' && node.op_type !== 'Mul') source.refuse(node, 'inputs', 'a constant', node.input.join(', '));
      const values = node.input.map((_, index) => this.#input(node, index));
      const [a, b] = values as [Value, Value];
      if (a.shape.join() !== b.shape.join() || a.first !== b.first || a.turned?.join() !== b.turned?.join() || a.ones !== b.ones) {
        source.refuse(node, 'inputs', 'two of one shape', `[${a.shape.join(', ')}], [${b.shape.join(', ')}]`);
      }
      return { ...a, ...this.#add({ type: node.op_type === 'Add' ? 'add' : 'multiply' }, values), first: a.first };
    }
    const constant = source.constant(node.input[at])!;
    const value = this.#input(node, 1 - at);
    const made = this.#network.node(value.name);
    const single = source.users(node.input[1 - at]!).length === 1;
    const size = constant.values.length;
    const vector = { shape: [size], data: Float32Array.from(constant.values) };
    if (size === 1) {
      const number = Number(constant.values[0]!.toPrecision(7));
      if ((node.op_type === 'Sub' || node.op_type === 'Div') && at === 0) source.refuse(node, 'input 0', 'no constant', String(number));
      const [scale, offset] = { Mul: [number, 0], Div: [1 / number, 0], Add: [1, number], Sub: [1, -number] }[node.op_type]!;
      if (made?.type === 'rescaling' && single && scale === 1 && (made.offset ?? 0) === 0) {
        made.offset = offset!;
        return value;
      }
      return this.#alike({ type: 'rescaling', scale: scale!, offset: offset! }, value);
    }
    if (made?.type === 'group_normalization' && single && size === value.shape.at(-1)) {
      const part = node.op_type === 'Mul' ? 'gamma' : 'beta';
      if (part === 'gamma' && !made.scale && !made.center) made.scale = true;
      else if (part === 'beta' && node.op_type === 'Add' && !made.center) made.center = true;
      else source.refuse(node, 'inputs', 'a scale, then a shift', node.op_type);
      this.#network.tensors.set(`${value.name}/${part}`, vector);
      return value;
    }
    if (node.op_type === 'Add' && made?.type === 'dense' && made.use_bias === false && single && size === made.units) return this.#biased(value, vector);
    if (node.op_type === 'Add' && value.shape.length === 2 && !value.first && size === sizeOf(value.shape)) {
      return this.#add({ type: 'position_embedding' }, [value], { embeddings: reshaped(vector, value.shape) });
    }
    return source.refuse(node, `input ${at}`, 'a number, or one for each unit of a dense layer', constant.shape);
  }

  /** x / √(mean(x²) + ε) · γ */
  #rms(node: NodeProto): Value | undefined {
    const { source } = this;
    if (node.op_type !== 'Mul') return undefined;
    const at = node.input.findIndex((input) => source.constant(input) !== undefined);
    const quotient = source.made(node.input[1 - at], 'Div');
    const root = quotient && source.made(quotient.input[1], 'Sqrt');
    const sum = root && source.made(root.input[0], 'Add');
    const mean = sum && source.made(sum.input[0], 'ReduceMean');
    const square = mean && source.made(mean.input[0], 'Mul', 'Pow');
    if (at < 0 || !quotient || !sum || !square || square.input[0] !== quotient.input[0]) return undefined;
    const value = this.value(quotient.input[0]!);
    const epsilon = source.scalar(sum.input[1]);
    if (epsilon === undefined || value.first) return undefined;
    return this.#add({ type: 'rms_normalization', epsilon: Number(epsilon.toPrecision(7)) }, [value], { gamma: source.weight(node, at, `input ${at}`) });
  }
}
