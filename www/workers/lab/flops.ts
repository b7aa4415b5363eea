// What one sample's way through a layer costs: a multiplication and an addition are two operations.
import type { LayerSpec } from 'danlu';

type Shape = readonly number[];

const product = (sizes: Shape) => sizes.reduce((all, size) => all * size, 1);
const last = (shape: Shape) => shape.at(-1) ?? 1;

/** `inputs` are the shapes of one sample of each input, `output` what the engine makes of them. */
export function flopsOf(layer: LayerSpec, inputs: Shape[], output: Shape): number {
  const input = inputs[0] ?? [];
  const outputs = product(output);
  /** A bias is one addition for each output, an activation of its own counts as one operation. */
  const extra = (weighted: { use_bias?: boolean; activation?: string }) =>
    outputs * (Number(weighted.use_bias !== false) + Number(weighted.activation !== undefined && weighted.activation !== 'linear'));
  switch (layer.type) {
    case 'conv2d':
      return 2 * product(layer.kernel) * (last(input) / (layer.groups ?? 1)) * outputs + extra(layer);
    case 'conv1d':
      return 2 * layer.kernel * (last(input) / (layer.groups ?? 1)) * outputs + extra(layer);
    case 'depthwise_conv2d':
      return 2 * product(layer.kernel) * outputs + extra(layer);
    case 'separable_conv2d': {
      const middle = last(input) * (layer.depth_multiplier ?? 1);
      const places = product(output.slice(0, -1));
      return 2 * product(layer.kernel) * middle * places + 2 * middle * outputs + extra(layer);
    }
    case 'conv2d_transpose':
      return 2 * product(layer.kernel) * product(input) * last(output) + extra(layer);
    case 'dense':
      return 2 * last(input) * outputs + extra(layer);
    case 'max_pool2d':
    case 'avg_pool2d':
      return product(layer.size) * outputs;
    case 'global_max_pool1d':
    case 'global_max_pool2d':
    case 'global_avg_pool1d':
    case 'global_avg_pool2d':
      return product(input);
    case 'multi_head_attention': {
      const [steps = 1, features = 1] = input;
      const width = layer.num_heads * layer.key_dim;
      // Each number of a query or a key turned by its position: two products and a sum.
      const turned = layer.rotary ? 3 * 2 * steps * width : 0;
      // Queries, keys, values and the way back to features; then every query against every key, and the mean of values.
      return 2 * steps * features * width * 4 + 2 * 2 * steps * steps * width + turned;
    }
    case 'batch_normalization':
      return 2 * outputs; // In use it is one multiplication and one addition.
    case 'layer_normalization':
    case 'group_normalization':
    case 'rms_normalization':
      return 6 * outputs; // Mean, deviation, square, root, scale, shift.
    case 'rescaling':
      return 2 * outputs;
    case 'add':
    case 'multiply':
      return (inputs.length - 1) * outputs;
    case 'position_embedding':
      return outputs;
    case 'flatten':
    case 'reshape':
    case 'zero_padding2d':
    case 'embedding':
    case 'dropout':
    case 'concatenate':
      return 0;
    default:
      return outputs; // An activation as a layer.
  }
}
