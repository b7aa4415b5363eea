// A network as Keras builds it, Sequential where each layer follows the one before and nothing else is needed.
import type { Initialiser, RunSpec } from 'danlu';
import { unsayable } from '../failure.ts';
import { curveOf, epsilonOf, isCurve, windowOf, type LayerOf, type Model, type Node } from '../model.ts';
import { rotaryOf } from '../rotary.ts';
import type { Tensors } from '../safetensors.ts';
import { call, Identifiers, indented, py, raw, Raw } from './code.ts';
import { kerasHelpers, type KerasHelper } from './keras-helpers.ts';
import { constraintsOf, regularizersOf } from './strategy.ts';

export interface KerasModel {
  source: string;
  /** By the layers' names in Keras: `conv2d/kernel`. */
  weights: Tensors;
  /** Keras's name for each layer. */
  names: Map<string, string>;
}

type Fields = Record<string, unknown>;

export function exportKeras(model: Model, spec: RunSpec): KerasModel {
  return new KerasExporter(model, spec).run();
}

const classes: Record<string, string> = {
  conv2d: 'Conv2D', depthwise_conv2d: 'DepthwiseConv2D', separable_conv2d: 'SeparableConv2D', conv2d_transpose: 'Conv2DTranspose', conv1d: 'Conv1D',
  dense: 'Dense', max_pool2d: 'MaxPooling2D', avg_pool2d: 'AveragePooling2D', global_max_pool1d: 'GlobalMaxPooling1D', global_max_pool2d: 'GlobalMaxPooling2D',
  global_avg_pool1d: 'GlobalAveragePooling1D', global_avg_pool2d: 'GlobalAveragePooling2D', flatten: 'Flatten', reshape: 'Reshape', zero_padding2d: 'ZeroPadding2D',
  rescaling: 'Rescaling', embedding: 'Embedding', multi_head_attention: 'MultiHeadAttention', batch_normalization: 'BatchNormalization',
  layer_normalization: 'LayerNormalization', rms_normalization: 'RMSNormalization', group_normalization: 'GroupNormalization', dropout: 'Dropout',
  add: 'Add', multiply: 'Multiply', concatenate: 'Concatenate', activation: 'Activation', relu: 'ReLU', leaky_relu: 'LeakyReLU', elu: 'ELU', softmax: 'Softmax',
};

/** Keras's arguments for a penalty or a limit on a part of a layer. */
const arguments_: Record<string, string> = {
  kernel: 'kernel', bias: 'bias', gamma: 'gamma', beta: 'beta', embeddings: 'embeddings', depthwise_kernel: 'depthwise', pointwise_kernel: 'pointwise',
};

class KerasExporter {
  #ids = new Identifiers();
  #helpers = new Set<KerasHelper>();
  #values = new Map<string, string>();
  /** Layers one after another, each as code, and how the functional form calls them. */
  #lines: string[] = [];
  #layers: string[] = [];
  #functional = false;
  readonly #chain: boolean;

  constructor(
    private readonly model: Model,
    private readonly spec: RunSpec,
  ) {
    this.#chain = !('nodes' in spec.model);
  }

  run(): KerasModel {
    const { inputs, nodes, output } = this.model;
    for (const { name } of inputs) this.#values.set(name, this.#chain ? 'inputs' : this.#ids.of(name));
    for (const node of nodes) this.#add(node);
    this.#functional ||= !this.#chain;
    const build = this.#functional
      ? [
          ...inputs.map(({ name, shape }) => `${this.#values.get(name)} = ${call('keras.Input', [shape], { name: this.#chain ? undefined : this.#ids.of(name) })}`),
          ...this.#lines,
          `return keras.Model(${inputs.length === 1 ? this.#values.get(inputs[0]!.name) : `[${inputs.map(({ name }) => this.#values.get(name)).join(', ')}]`}, ${this.#values.get(output.name)})`,
        ]
      : ['return keras.Sequential([', ...indented([`keras.Input(${py(inputs[0]!.shape)}),`, ...this.#layers.map((layer) => `${layer},`)]), '])'];
    const weighted = nodes.filter(({ weights }) => weights.size > 0);
    const tensors: Tensors = new Map(weighted.flatMap(({ name, weights }) => [...weights].map(([part, tensor]) => [`${this.#ids.of(name)}/${part}`, tensor] as const)));
    const source = [
      'import os',
      'from pathlib import Path',
      '',
      'os.environ.setdefault("KERAS_BACKEND", "tensorflow")',
      '',
      'import keras',
      'import numpy as np',
      'from keras import layers',
      '',
      '# In the order in which Keras keeps them.',
      'WEIGHTS = {',
      ...weighted.map(({ name, weights }) => `    ${py(this.#ids.of(name))}: [${[...weights.keys()].map(py).join(', ')}],`),
      '}',
      ...[...kerasHelpers].filter(([name]) => this.#helpers.has(name)).flatMap(([, text]) => ['', '', ...text.trim().split('\n')]),
      '',
      '',
      'def build():',
      ...indented(build),
      '',
      '',
      'def load(path=Path(__file__).with_name("weights.npz")):',
      ...indented([
        '"""The model with its trained weights."""',
        'model = build()',
        'with np.load(path) as arrays:',
        '    for name, parts in WEIGHTS.items():',
        '        model.get_layer(name).set_weights([arrays[f"{name}/{part}"] for part in parts])',
        'return model',
      ]),
      '',
    ];
    return { source: source.join('\n'), weights: tensors, names: new Map(nodes.map(({ name }) => [name, this.#ids.of(name)])) };
  }

  #add(node: Node) {
    const sources = node.inputs.map(({ name }) => this.#values.get(name)!);
    const variable = this.#chain ? 'x' : this.#ids.of(node.name);
    let input = sources.length === 1 ? sources[0]! : `[${sources.join(', ')}]`;
    // Zeros that Keras's own padding doesn't know are laid around beforehand.
    for (const before of this.#before(node)) {
      this.#layers.push(before);
      this.#lines.push(`${variable} = ${before}(${input})`);
      input = variable;
    }
    const layer = this.#layer(node);
    this.#layers.push(layer);
    const arguments_ = node.layer.type === 'multi_head_attention' ? `${input}, ${input}${node.layer.causal ? ', use_causal_mask=True' : ''}` : input;
    this.#functional ||= node.layer.type === 'multi_head_attention';
    this.#lines.push(`${variable} = ${layer}(${arguments_})`);
    this.#values.set(node.name, variable);
    if (node.layer.type === 'embedding' && node.inputs[0]!.shape.join() === '1') {
      const flat = call('layers.Reshape', [node.shape], { name: this.#ids.of(`${node.name}_row`) });
      this.#layers.push(flat);
      this.#lines.push(`${variable} = ${flat}(${variable})`);
    }
  }

  #before(node: Node): string[] {
    const { layer } = node;
    if (!('padding' in layer) || !Array.isArray(layer.padding) || layer.type === 'zero_padding2d' || layer.type === 'avg_pool2d') return [];
    const shape = node.inputs[0]!.shape;
    const [top, bottom, left, right] = windowOf(layer as LayerOf<'conv2d'>, layer.type === 'conv1d' ? [1, shape[0]!] : [shape[0]!, shape[1]!]).pads;
    const name = this.#ids.of(`${node.name}_padding`);
    if (layer.type === 'conv1d') return left + right > 0 ? [call('layers.ZeroPadding1D', [[left, right]], { name })] : [];
    if (top + bottom + left + right === 0) return [];
    const pads = [[top, bottom], [left, right]];
    if (layer.type !== 'max_pool2d') return [call('layers.ZeroPadding2D', [pads], { name })];
    this.#helpers.add('LowPadding2D');
    return [call('LowPadding2D', [pads], { name })];
  }

  #make(node: Node, placed: unknown[], fields: Fields = {}, name = `layers.${classes[node.layer.type]}`): string {
    const all: Fields = { ...fields };
    if (node.layer.trainable === false) all.trainable = false;
    for (const [part, value] of this.#held(node)) all[part] = value;
    return call(name, placed, { ...all, name: this.#ids.of(node.name) });
  }

  /** Penalties and limits, as arguments of the layer whose parameters they hold back. */
  *#held(node: Node): Iterable<[string, Raw]> {
    if (node.layer.trainable === false) return;
    for (const part of node.weights.keys()) {
      if (part.startsWith('moving_')) continue;
      const name = `${node.name}/${part}`;
      const penalties = regularizersOf(this.spec).filter(({ l1, l2, matches }) => (l1 || l2) && matches.some((match) => name.includes(match)));
      const limits = constraintsOf(this.spec).filter(({ matches }) => matches.some((match) => name.includes(match)));
      if (penalties.length + limits.length === 0) continue;
      const argument = node.layer.type === 'multi_head_attention' ? this.#ofAll(node, part) : arguments_[part];
      if (argument === undefined || node.layer.type === 'rms_normalization' || node.layer.type === 'position_embedding' || limits.length > 1) {
        throw unsayable('Keras', name, penalties.length > 0 ? 'regularizers' : 'constraints');
      }
      const [l1, l2] = [penalties.reduce((sum, one) => sum + one.l1, 0), penalties.reduce((sum, one) => sum + one.l2, 0)];
      if (penalties.length > 0) yield [`${argument}_regularizer`, raw(call('keras.regularizers.L1L2', [], { l1, l2 }))];
      if (limits.length > 0) {
        const { max_value, axes } = limits[0]!;
        yield [`${argument}_constraint`, raw(call('keras.constraints.MaxNorm', [max_value], { axis: axes.length === 1 ? axes[0] : axes }))];
      }
    }
  }

  /** Keras holds back all kernels of an attention, or all biases, or none. */
  #ofAll(node: Node, part: string): string | undefined {
    const kind = part.split('/')[1]!;
    const kinds = [...node.weights.keys()].filter((other) => other.endsWith(`/${kind}`)).map((other) => `${node.name}/${other}`);
    const held = [...regularizersOf(this.spec), ...constraintsOf(this.spec)];
    const whole = held.every(({ matches }) => new Set(kinds.map((name) => matches.some((match) => name.includes(match)))).size === 1);
    return whole ? kind : undefined;
  }

  #layer(node: Node): string {
    const { layer } = node;
    if (isCurve(layer.type)) return this.#curve(node);
    switch (layer.type) {
      case 'conv2d':
      case 'conv1d':
        return this.#make(node, [layer.filters, layer.kernel], { ...this.#window(node), groups: layer.groups === 1 ? undefined : layer.groups, ...this.#weighted(node) });
      case 'conv2d_transpose':
        return this.#make(node, [layer.filters, layer.kernel], { ...this.#window(node), ...this.#weighted(node) });
      case 'depthwise_conv2d':
        return this.#make(node, [layer.kernel], { ...this.#window(node), depth_multiplier: layer.depth_multiplier, ...this.#weighted(node) });
      case 'separable_conv2d':
        return this.#make(node, [layer.filters, layer.kernel], { ...this.#window(node), depth_multiplier: layer.depth_multiplier, ...this.#weighted(node) });
      case 'dense':
        return this.#make(node, [layer.units], this.#weighted(node));
      case 'max_pool2d':
        return this.#make(node, [layer.size], { strides: layer.stride, padding: layer.padding === 'same' ? 'same' : undefined });
      case 'avg_pool2d':
        if (!Array.isArray(layer.padding)) return this.#make(node, [layer.size], { strides: layer.stride, padding: layer.padding === 'same' ? 'same' : undefined });
        this.#helpers.add('AverageInside2D');
        return this.#make(node, [layer.size, layer.stride ?? layer.size, this.#pads(node)], {}, 'AverageInside2D');
      case 'global_avg_pool1d':
      case 'global_avg_pool2d':
      case 'global_max_pool1d':
      case 'global_max_pool2d': {
        // The engine lets either stand on a sequence or an image.
        const type = layer.type.replace(/\dd$/, `${node.inputs[0]!.shape.length - 1}d`);
        return this.#make(node, [], {}, `layers.${classes[type]}`);
      }
      case 'flatten':
        return this.#make(node, []);
      case 'reshape':
        return this.#make(node, [node.shape]);
      case 'zero_padding2d':
        return this.#make(node, [this.#pads(node)]);
      case 'rescaling':
        return this.#make(node, [layer.scale], { offset: layer.offset });
      case 'embedding':
        return this.#make(node, [layer.input_dim, layer.output_dim], { embeddings_initializer: this.#initialiser(layer.init) });
      case 'position_embedding':
        this.#helpers.add('PositionEmbedding');
        return this.#make(node, [], {}, 'PositionEmbedding');
      case 'multi_head_attention': {
        const rotary = rotaryOf(layer);
        if (rotary) this.#helpers.add('RotaryAttention');
        const fields = { ...rotary?.given, use_bias: layer.use_bias, kernel_initializer: this.#initialiser(layer.init) };
        return this.#make(node, [layer.num_heads, layer.key_dim], fields, rotary ? 'RotaryAttention' : undefined);
      }
      case 'batch_normalization':
        return this.#make(node, [], { momentum: layer.momentum ?? 0.99, epsilon: epsilonOf(layer), center: layer.center, scale: layer.scale });
      case 'layer_normalization':
        return this.#make(node, [], { epsilon: epsilonOf(layer), center: layer.center, scale: layer.scale });
      case 'rms_normalization':
        return this.#make(node, [], { epsilon: epsilonOf(layer) });
      case 'group_normalization':
        return this.#make(node, [layer.groups ?? 32], { epsilon: epsilonOf(layer), center: layer.center, scale: layer.scale });
      case 'dropout':
        return this.#make(node, [layer.rate]);
      case 'add':
      case 'multiply':
      case 'concatenate':
        return this.#make(node, []);
      default:
        throw unsayable('Keras', node.name, layer.type);
    }
  }

  #curve(node: Node): string {
    const { layer } = node;
    if (layer.type === 'leaky_relu') return this.#make(node, [], { negative_slope: layer.negative_slope ?? 0.3 });
    if (layer.type === 'elu') return this.#make(node, [], { alpha: layer.alpha });
    if (layer.type === 'relu' || layer.type === 'softmax') return this.#make(node, []);
    return this.#make(node, [this.#activation(node) ?? 'linear'], {}, 'layers.Activation');
  }

  /** An activation's name, which in Keras holds the engine's numbers: leaky_relu leaks 0.2. */
  #activation(node: Node): unknown {
    const curve = curveOf(node.layer);
    if (curve?.kind !== 'gelu_tanh') return curve?.kind;
    this.#helpers.add('gelu_tanh');
    return raw('gelu_tanh');
  }

  #pads(node: Node): number[][] {
    const layer = node.layer as LayerOf<'zero_padding2d' | 'avg_pool2d'>;
    const window = layer.type === 'avg_pool2d' ? layer : ({ type: 'conv2d', filters: 1, kernel: [1, 1], padding: layer.padding ?? [1] } as LayerOf<'conv2d'>);
    const [top, bottom, left, right] = windowOf(window, [1, 1]).pads;
    return [[top, bottom], [left, right]];
  }

  #window(node: Node): Fields {
    const layer = node.layer as LayerOf<'conv2d' | 'conv1d'>;
    const { stride, dilation } = windowOf(layer, [1, 1]);
    if (Math.max(...stride) > 1 && Math.max(...dilation) > 1) throw unsayable('Keras', node.name, 'stride > 1 + dilation > 1');
    if ((layer.type as string).match(/depthwise|separable/) && stride[0] !== stride[1]) throw unsayable('Keras', node.name, 'stride [a, b]');
    return { strides: layer.stride, padding: typeof layer.padding === 'string' && layer.padding !== 'valid' ? layer.padding : undefined, dilation_rate: layer.dilation };
  }

  #weighted(node: Node): Fields {
    const layer = node.layer as LayerOf<'dense'>;
    const part = { depthwise_conv2d: ['depthwise_initializer'], separable_conv2d: ['depthwise_initializer', 'pointwise_initializer'] }[layer.type as string] ?? ['kernel_initializer'];
    const init = this.#initialiser(layer.init);
    return { activation: this.#activation(node), use_bias: layer.use_bias, ...Object.fromEntries(part.map((argument) => [argument, init])) };
  }

  #initialiser(init: Initialiser | undefined): unknown {
    if (init === undefined) return undefined;
    const written = (typeof init === 'string' ? { type: init } : init) as { type: string; value?: number; low?: number; high?: number; mean?: number; stddev?: number; gain?: number };
    switch (written.type) {
      case 'constant':
        return raw(call('keras.initializers.Constant', [written.value ?? 0]));
      case 'uniform':
        return raw(call('keras.initializers.RandomUniform', [written.low ?? -0.05, written.high ?? 0.05]));
      case 'normal':
      case 'truncated_normal':
        return raw(call(`keras.initializers.${written.type === 'normal' ? 'RandomNormal' : 'TruncatedNormal'}`, [written.mean ?? 0, written.stddev ?? 0.05]));
      case 'orthogonal':
        return raw(call('keras.initializers.Orthogonal', [written.gain ?? 1]));
      default:
        return written.type;
    }
  }
}
