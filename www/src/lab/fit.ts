// A spec put on other data: its model stays where it fits, else a preset takes its place.
import type { DataRef, LabSpec } from './spec.ts';
import { canonical, isGraph } from './spec.ts';
import { layersOf } from './edit-model.ts';
import { preset, presetNames } from './presets.ts';

/** `shape` of one sample, and how many classes there are. */
export function withData(spec: LabSpec, data: DataRef, shape: readonly number[], classes: number): LabSpec {
  const { model } = spec;
  const input = isGraph(model) ? model.inputs[0]?.shape : model.input;
  const units = (layersOf(model).at(-1) as { units?: number } | undefined)?.units;
  const strategy = { ...spec.strategy };
  // Shifts and turns are of pictures.
  if (shape.length !== 3) delete strategy.augment;
  if (canonical(input) === canonical(shape) && units === classes) return { ...spec, data, strategy };
  const before = input && units !== undefined ? presetNames.find((name) => canonical(preset(name, [...input], units)) === canonical(model)) : undefined;
  const picture = shape.length === 3 && Math.min(shape[0]!, shape[1]!) >= 12;
  const name = picture ? (before ?? 'article') : 'mlp';
  const next = preset(name, [...shape], classes);
  // Features in a row are flat already.
  if (shape.length === 1 && !isGraph(next)) next.layers = next.layers.filter(({ type }) => type !== 'flatten');
  return { ...spec, data, strategy, model: next };
}
