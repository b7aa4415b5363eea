// Networks out of other libraries' files: a spec, and weights under the engine's names.
import type { RunSpec } from 'danlu';
import { unzipSync } from 'fflate';
import { malformed, unsupported } from './failure.ts';
import { importKeras, importKerasH5 } from './keras/import.ts';
import { isVgg16, vgg16 } from './keras/vgg16.ts';
import { curveOf, isGraph } from './model.ts';
import { importOnnx } from './onnx/import.ts';
import { parsed, type Network } from './read.ts';
import { readSafetensors, writeSafetensors, type Tensors } from './safetensors.ts';

export interface Read {
  model: RunSpec['model'];
  loss: 'categorical_cross_entropy' | 'binary_cross_entropy' | 'mean_squared_error';
  weights: Uint8Array<ArrayBuffer>;
  turned: boolean;
}

const starts = (bytes: Uint8Array, ...signature: number[]) => signature.every((byte, at) => bytes[at] === byte);

/** The loss that belongs to what a network ends in. */
function lossOf(model: RunSpec['model']): Read['loss'] {
  const last = isGraph(model) ? model.nodes.find((node) => node.name === model.output) : model.layers.at(-1);
  const end = last && curveOf(last)?.kind;
  return end === 'softmax' ? 'categorical_cross_entropy' : end === 'sigmoid' ? 'binary_cross_entropy' : 'mean_squared_error';
}

/** By its first bytes, whatever it is called. `model` stands for the network of a file that has only weights. */
export function importModel(name: string, bytes: Uint8Array, model: RunSpec['model']): Read {
  const { tensors, turned = false, model: own } = networkOf(name, bytes, model);
  return { model: own, loss: lossOf(own), weights: writeSafetensors(tensors), turned };
}

function networkOf(name: string, bytes: Uint8Array, model: RunSpec['model']): Network {
  if (starts(bytes, 0x89, 0x48, 0x44, 0x46)) return importKerasH5(name, bytes);
  if (starts(bytes, 0x50, 0x4b)) return zipped(name, bytes);
  if (bytes.length > 8 && bytes[8] === 0x7b) return weighed(weightsOf(name, bytes), model);
  // An ONNX file begins with its first field, the version of its format.
  if (bytes[0] === 0x08) return importOnnx(name, bytes);
  const first = Array.from(bytes.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  throw malformed(name, 0, 'ONNX | HDF5 (.h5) | zip (.keras) | safetensors', first || '0 bytes');
}

/** Weights without a network: VGG16's by its names, with its top left out; else those of `model`. */
function weighed(tensors: Tensors, model: RunSpec['model']): Network {
  const layers = new Set([...tensors.keys()].map((key) => key.slice(0, key.lastIndexOf('/'))));
  if (!isVgg16([...layers])) return { model, tensors };
  const own = vgg16();
  const kept = new Set(own.layers.map((layer) => layer.name));
  return { model: own, tensors: new Map([...tensors].filter(([key]) => kept.has(key.slice(0, key.lastIndexOf('/'))))) };
}

/** Without what a checkpoint has besides. */
function weightsOf(name: string, bytes: Uint8Array): Tensors {
  const { tensors } = readSafetensors(bytes, name);
  return new Map([...tensors].filter(([key]) => !key.startsWith('__run__/')));
}

function zipped(name: string, bytes: Uint8Array): Network {
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(bytes);
  } catch (error) {
    throw malformed(name, 0, 'a zip', error instanceof Error ? error.message : String(error));
  }
  if (files['config.json']) return importKeras(name, files);
  const folder = Object.keys(files).find((path) => path.endsWith('spec.json'))?.slice(0, -'spec.json'.length);
  const weights = folder === undefined ? undefined : files[`${folder}model.safetensors`];
  if (folder === undefined || !weights) {
    throw malformed(name, Object.keys(files).slice(0, 4).join(', ') || 'zip', 'config.json | spec.json + model.safetensors', `${Object.keys(files).length} files`);
  }
  const spec = parsed(`${name}/${folder}spec.json`, files[`${folder}spec.json`]!) as { model?: RunSpec['model'] } | null;
  const model = spec?.model;
  if (!model || typeof model !== 'object') throw malformed(name, 'spec.json', '{model: {…}}', JSON.stringify(spec));
  const layers: unknown = isGraph(model) ? model.nodes : model.layers;
  if (!Array.isArray(layers)) throw unsupported(name, 'spec.json', 'model.layers | model.nodes', JSON.stringify(model).slice(0, 60));
  return { model, tensors: weightsOf(`${name}/${folder}model.safetensors`, weights) };
}
