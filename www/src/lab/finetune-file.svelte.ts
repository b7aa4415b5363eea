// A base out of a file, by the worker that reads models.
import type { BaseFile } from '../../workers/finetune/protocol.ts';
import { bench } from './bench.svelte.ts';
import { importFile } from './formats.ts';
import type { LabSpec } from './spec.ts';

/** Pixels are 0 to 1, unless layers are called as Keras's VGG16 calls them. */
export async function readBase(file: File): Promise<BaseFile> {
  // Weights without a network are VGG16's by their names, or belong to the model on the lab's bench.
  const { model, weights } = await importFile(file, ($state.snapshot(bench.spec) as LabSpec).model);
  const layers = 'nodes' in model ? model.nodes : model.layers;
  return { name: file.name, model, weights, pixels: layers.some(({ name }) => name === 'block1_conv1') ? 'caffe' : 'unit' };
}
