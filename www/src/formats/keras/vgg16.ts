// VGG16 without its top (Simonyan and Zisserman 2015), by Keras's names. Keras keeps its weights in a file without a network.
import type { ChainSpec, LayerSpec } from 'danlu';
import { malformed } from '../failure.ts';
import type { Network } from '../read.ts';
import type { Tensor, Tensors } from '../safetensors.ts';
import type { Hdf5 } from './hdf5.ts';

const blocks: [convolutions: number, filters: number][] = [[2, 64], [2, 128], [3, 256], [3, 512], [3, 512]];

/** Of the smallest image that Keras allows; convolutions take any. */
export const smallest = [32, 32, 3];

export function vgg16(input: number[] = smallest): ChainSpec {
  const layers = blocks.flatMap(([convolutions, filters], at): LayerSpec[] => [
    ...Array.from({ length: convolutions }, (_, nth): LayerSpec => ({
      type: 'conv2d', name: `block${at + 1}_conv${nth + 1}`, filters, kernel: [3, 3], padding: 'same', activation: 'relu',
    })),
    { type: 'max_pool2d', name: `block${at + 1}_pool`, size: [2, 2] },
  ]);
  return { input: [...input], layers };
}

const convolutions = () => vgg16().layers.filter(({ type }) => type === 'conv2d').map(({ name }) => name!);

/** Whether these weights are VGG16's, with its top or without. */
export const isVgg16 = (names: readonly string[]): boolean => convolutions().every((name) => names.includes(name));

/**
 * VGG16 out of a file of weights alone: `layer_names` with each layer's `weight_names` (Keras 1 and 2), or Keras 3's
 * `layers/conv2d_4/vars/0`. Undefined where the file is neither. What belongs to the top is left where it is.
 */
export function vgg16Weights(name: string, file: Hdf5): Network | undefined {
  const layers = file.attribute('', 'layer_names');
  if (Array.isArray(layers)) {
    if (!isVgg16(layers.map(String))) return undefined;
    return networkOf(name, (layer) => {
      const names = file.attribute(layer, 'weight_names');
      if (!Array.isArray(names)) throw malformed(name, layer, 'weight_names', String(names));
      return names.map((weight) => file.array(`${layer}/${String(weight)}`));
    });
  }
  const place = (at: number) => `layers/conv2d${at === 0 ? '' : `_${at}`}/vars`;
  if (!file.has(`${place(convolutions().length - 1)}/1`)) return undefined;
  const order = convolutions();
  return networkOf(name, (layer) => [0, 1].map((part) => file.array(`${place(order.indexOf(layer))}/${part}`)));
}

function networkOf(file: string, stored: (layer: string) => Tensor[]): Network {
  const tensors: Tensors = new Map();
  let channels = 3;
  for (const layer of vgg16().layers) {
    if (layer.type !== 'conv2d') continue;
    const [kernel, bias] = stored(layer.name!);
    const wanted = [3, 3, channels, layer.filters];
    if (!kernel || kernel.shape.join() !== wanted.join()) throw malformed(file, layer.name!, `[${wanted.join(', ')}]`, kernel ? `[${kernel.shape.join(', ')}]` : '0 arrays');
    if (!bias || bias.shape.join() !== String(layer.filters)) throw malformed(file, layer.name!, `[${layer.filters}]`, bias ? `[${bias.shape.join(', ')}]` : '1 array');
    tensors.set(`${layer.name}/kernel`, kernel);
    tensors.set(`${layer.name}/bias`, bias);
    channels = layer.filters;
  }
  return { model: vgg16(), tensors };
}
