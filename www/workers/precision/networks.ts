// The networks of the room, as ops of the engine: what each layer computes, and which arrays it learns.
import type { Arithmetic, Tensor } from './arithmetic.ts';

export const networkNames = ['mlp', 'deep', 'cnn', 'autoencoder'] as const;
export type NetworkName = (typeof networkNames)[number];

export interface Layer {
  name: string;
  op: string;
  settings?: Record<string, unknown>;
  /** Shapes of kernel and bias. */
  parameters?: [kernel: number[], bias: number[]];
}

const dense = (name: string, from: number, to: number): Layer => ({ name, op: 'dense', parameters: [[from, to], [to]] });
const conv = (name: string, from: number, to: number): Layer => ({ name, op: 'conv2d', settings: { padding: 'same' }, parameters: [[3, 3, from, to], [to]] });
const plain = (op: string, name: string = op, settings: Record<string, unknown> = {}): Layer => ({ name, op, settings });
const pool = (name: string): Layer => plain('max_pool2d', name, { size: [2, 2] });

/** Dense layers of these widths with `between` after each but the last. */
function stack(widths: number[], between = 'relu'): Layer[] {
  return widths.slice(1).flatMap((to, at) => {
    const layer = dense(`dense_${at + 1}`, widths[at]!, to);
    return at < widths.length - 2 ? [layer, plain(between, `${between}_${at + 1}`)] : [layer];
  });
}

const pixels = 784;

export const networks: Record<NetworkName, { input: number[]; layers: Layer[]; loss: 'classes' | 'pixels' }> = {
  mlp: { input: [pixels], layers: stack([pixels, 64, 10]), loss: 'classes' },
  deep: { input: [pixels], layers: stack([pixels, 48, 48, 48, 48, 48, 48, 10]), loss: 'classes' },
  cnn: {
    input: [28, 28, 1],
    layers: [conv('conv_1', 1, 8), plain('relu', 'relu_1'), pool('pool_1'), conv('conv_2', 8, 16), plain('relu', 'relu_2'), pool('pool_2'), plain('flatten'), dense('dense', 16 * 49, 10)],
    loss: 'classes',
  },
  // As wide at the end as at the beginning; its loss is a mean over every pixel of every image.
  autoencoder: { input: [pixels], layers: [...stack([pixels, 64, 16, 64, pixels]), plain('sigmoid')], loss: 'pixels' },
};

/** Kernels by He's rule, biases of zeros, drawn by the arithmetic's seed. */
export function initial(arithmetic: Arithmetic, layers: readonly Layer[]): Map<string, Tensor> {
  const weights = new Map<string, Tensor>();
  for (const { name, parameters } of layers) {
    if (!parameters) continue;
    const [kernel, bias] = parameters;
    const fanIn = kernel.slice(0, -1).reduce((product, size) => product * size, 1);
    weights.set(`${name}/kernel`, arithmetic.normal(kernel, Math.sqrt(2 / fanIn)));
    weights.set(`${name}/bias`, { shape: bias, values: new Float32Array(bias[0]!) });
  }
  return weights;
}

/** How many numbers of one sample each layer answers with. */
export function answerSizes(name: NetworkName): number[] {
  let shape = networks[name].input;
  return networks[name].layers.map(({ op, parameters }) => {
    if (op === 'max_pool2d') shape = [shape[0]! / 2, shape[1]! / 2, shape[2]!];
    else if (parameters) shape = [...shape.slice(0, -1), parameters[1][0]!];
    return shape.reduce((product, size) => product * size, 1);
  });
}

export function parameterCount(name: NetworkName): number {
  const size = (shape: number[]) => shape.reduce((product, each) => product * each, 1);
  return networks[name].layers.reduce((sum, { parameters }) => sum + (parameters ? size(parameters[0]) + size(parameters[1]) : 0), 0);
}
