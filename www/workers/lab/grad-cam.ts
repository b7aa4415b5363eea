// Grad-CAM (Selvaraju et al. 2017): where in the last image-shaped answer a class's logit comes from.
//
// The weight of a channel is the mean of ∂logit/∂A over its places. That mean is the logit's derivative along "add one
// number to the whole channel", so two passes through the layers behind say it: (logit(A + ε) − logit(A − ε)) / 2ε / HW.
import type { Engine, LayerInfo, LayerSpec, RunSpec, Session } from 'danlu';
import { fileOf, tensorsOf } from '../safetensors.ts';

/** Channels that are tried at once. */
const atOnce = 8;

/** The last layer whose answer is an image and through which every later layer's input goes; pools only shrink it. */
export function cutOf(infos: readonly LayerInfo[]): number {
  for (let at = infos.length - 2; at >= 0; at -= 1) {
    const { outputShape, kind } = infos[at]!;
    if (outputShape.length !== 3 || outputShape[0]! * outputShape[1]! < 4 || kind.includes('pool')) continue;
    const later = new Set(infos.slice(at).map(({ name }) => name));
    if (infos.slice(at + 1).every(({ connectedTo }) => connectedTo.every((name) => later.has(name)))) return at;
  }
  return -1;
}

/** The layers behind the cut as a network of their own, which ends in logits. */
export function tailOf(model: RunSpec['model'], infos: readonly LayerInfo[], cut: number): RunSpec | undefined {
  const written = (info: LayerInfo, place: number): LayerSpec | undefined =>
    'nodes' in model ? (model.nodes.find((node) => node.name === info.name) ?? model.nodes[place]) : model.layers[place];
  const nodes: (LayerSpec & { inputs: string[] })[] = [];
  const source = infos[cut]!.name;
  for (const [offset, info] of infos.slice(cut + 1).entries()) {
    const layer = written(info, cut + 1 + offset);
    if (!layer) return undefined;
    nodes.push({ ...layer, name: info.name, inputs: info.connectedTo.map((name) => (name === source ? 'cut' : name)) } as LayerSpec & { inputs: string[] });
  }
  const last = nodes.at(-1)!;
  let output = last.name!;
  if (last.type === 'softmax' || (last.type === 'activation' && last.activation === 'softmax')) {
    nodes.pop();
    output = last.inputs[0]!;
  } else if ('activation' in last) nodes[nodes.length - 1] = { ...last, activation: 'linear' } as (typeof nodes)[number];
  if (nodes.length === 0) return undefined;
  return { model: { inputs: [{ name: 'cut', shape: infos[cut]!.outputShape }], nodes, output }, loss: 'mean_squared_error', batch_size: 2 * atOnce };
}

export interface Cam {
  layer: string;
  width: number;
  height: number;
  /** [height][width], 0 where nothing speaks for the class, 1 where most does. */
  heat: Float32Array<ArrayBuffer>;
}

/** Undefined where no layer answers with an image. */
export function gradCam(engine: Engine, session: Session, model: RunSpec['model'], sample: Float32Array, wanted: number): Cam | undefined {
  const infos = session.layers();
  const cut = cutOf(infos);
  const tail = cut < 0 ? undefined : tailOf(model, infos, cut);
  if (!tail) return undefined;
  const answer = session.activations(sample)[cut]!;
  const [, height = 1, width = 1, channels = 1] = answer.shape;
  const maps = answer.data;
  const behind = engine.createSession(tail, 0);
  try {
    const names = new Set(behind.layers().map(({ name }) => name));
    // `block/query/kernel` belongs to the layer `block`.
    const kept = [...tensorsOf(session.getWeights())].filter(([name]) => names.has(name.slice(0, name.indexOf('/'))));
    behind.setWeights(fileOf(new Map(kept)));
    let most = 0;
    for (const value of maps) most = Math.max(most, Math.abs(value));
    const step = Math.max(1e-3, 0.01 * most);
    const heat = new Float32Array(height * width);
    for (let from = 0; from < channels; from += atOnce) {
      const count = Math.min(atOnce, channels - from);
      const tried = new Float32Array(2 * count * maps.length);
      for (let nth = 0; nth < 2 * count; nth += 1) {
        tried.set(maps, nth * maps.length);
        const channel = from + (nth >> 1);
        const shift = nth % 2 === 0 ? step : -step;
        for (let at = channel; at < maps.length; at += channels) tried[nth * maps.length + at]! += shift;
      }
      const logits = behind.predict(tried);
      const classes = logits.length / (2 * count);
      for (let nth = 0; nth < count; nth += 1) {
        const slope = (logits[2 * nth * classes + wanted]! - logits[(2 * nth + 1) * classes + wanted]!) / (2 * step) / (height * width);
        for (let place = 0; place < heat.length; place += 1) heat[place]! += slope * maps[place * channels + from + nth]!;
      }
    }
    const peak = heat.reduce((best, value) => Math.max(best, value), 0);
    for (let place = 0; place < heat.length; place += 1) heat[place] = peak > 0 ? Math.max(0, heat[place]!) / peak : 0;
    return { layer: answer.name, width, height, heat };
  } finally {
    behind.free();
  }
}
