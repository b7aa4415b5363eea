// A trained network as the files that other libraries take.
import { strToU8, zipSync } from 'fflate';
import { modelOf, type Trained } from './model.ts';
import { epoch, writeNpz } from './npz.ts';
import { exportOnnx } from './onnx/export.ts';
import { exportKeras } from './python/keras.ts';
import { trainKeras } from './python/keras-training.ts';
import { exportTorch } from './python/torch.ts';
import { trainTorch } from './python/torch-training.ts';
import { writeSafetensors } from './safetensors.ts';

export const kinds = ['safetensors', 'onnx', 'keras', 'torch', 'all'] as const;
export type Kind = (typeof kinds)[number];

export type Files = Record<string, Uint8Array<ArrayBuffer>>;

/** The files of one kind, by name. Errs by name where the format has no words for the network. */
export function exportFiles(kind: Exclude<Kind, 'all'>, trained: Trained): Files {
  const model = modelOf(trained);
  switch (kind) {
    case 'safetensors':
      return { 'model.safetensors': trained.weights.slice(), 'spec.json': text(`${JSON.stringify(trained.spec, null, 2)}\n`) };
    case 'onnx':
      return { 'model.onnx': exportOnnx(model) };
    case 'keras': {
      const written = exportKeras(model, trained.spec);
      return { 'model.py': text(written.source), 'train.py': text(trainKeras(model, trained.spec, written)), 'weights.npz': writeNpz(written.weights) };
    }
    case 'torch': {
      const written = exportTorch(model, trained.spec);
      return { 'model.py': text(written.source), 'train.py': text(trainTorch(model, trained.spec, written)), 'model.safetensors': writeSafetensors(written.state) };
    }
  }
}

const text = (content: string) => strToU8(content) as Uint8Array<ArrayBuffer>;

/** One file to save: several are zipped, with the same bytes for the same network. */
export function exportOne(kind: Kind, trained: Trained): { bytes: Uint8Array<ArrayBuffer>; ending: string } {
  if (kind === 'onnx') return { bytes: exportFiles(kind, trained)['model.onnx']!, ending: 'onnx' };
  if (kind !== 'all') return { bytes: zipped(exportFiles(kind, trained)), ending: `${kind}.zip` };
  const folders = (['safetensors', 'onnx', 'keras', 'torch'] as const).map((one) => [one, exportFiles(one, trained)] as const);
  const files = folders.flatMap(([folder, inside]) => Object.entries(inside).map(([name, bytes]) => [`${folder}/${name}`, bytes] as const));
  return { bytes: zipped(Object.fromEntries(files)), ending: 'zip' };
}

const zipped = (files: Files) => zipSync(files, { mtime: epoch }) as Uint8Array<ArrayBuffer>;
