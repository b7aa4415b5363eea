// Looks into the network of a run: what its layers hold and answer, what it gets wrong.
import type { Engine, LayerSpec } from 'danlu';
import { tensorsOf } from '../safetensors.ts';
import { bestOf } from './evaluation.ts';
import { gradCam } from './grad-cam.ts';
import type { Embedding, HeldOutSample, Judged, LabAnswer, LabAsk, LabSpec, Snapshot } from './protocol.ts';
import type { Run } from './run.ts';
import { deadUnits, layerStats, principal } from './stats.ts';

/** Samples on which a unit is looked at before it is called dead. */
const probes = 64;
/** An embedding of wider layers would take long; their first numbers do not stand for them. */
const widest = 4096;

export class Inspector {
  #rectified: Set<string>;

  constructor(
    private readonly engine: Engine,
    private readonly run: Run,
    private readonly spec: LabSpec,
  ) {
    const layers: LayerSpec[] = 'nodes' in spec.model ? spec.model.nodes : spec.model.layers;
    const infos = run.session.layers();
    const rectifies = (layer: LayerSpec | undefined) => layer?.type === 'relu' || (layer !== undefined && 'activation' in layer && layer.activation === 'relu');
    this.#rectified = new Set(infos.filter(({ name }, place) => rectifies('nodes' in spec.model ? (layers.find((layer) => layer.name === name) ?? layers[place]) : layers[place])).map(({ name }) => name));
  }

  snapshot({ layer, sample }: LabAsk<'snapshot'>): Snapshot {
    const { session, step } = this.run;
    const x = this.#sample(sample);
    const answers = session.activations(x);
    const chosen = layer === null ? answers.find(({ shape }) => shape.length === 4) ?? answers.find(({ kind }) => kind !== 'flatten' && kind !== 'reshape') : answers.find(({ name }) => name === layer);
    const kernel = [...tensorsOf(session.getWeights())].find(([, { shape }]) => shape.length === 4);
    const dead = deadUnits(session, this.#first(probes), this.#rectified);
    return {
      step,
      stats: layerStats(session),
      dead: [...dead].map(([name, counts]) => ({ layer: name, ...counts })),
      filters: kernel ? { shape: kernel[1].shape, data: kernel[1].values } : null,
      answer: chosen ? { layer: chosen.name, picture: { shape: chosen.shape.slice(1), data: new Float32Array(chosen.data) } } : null,
      probabilities: new Float32Array(answers.at(-1)!.data),
    };
  }

  judged(): Judged {
    const { probabilities, classes, labels, step } = this.#answers();
    const counts = new Array<number>(classes * classes).fill(0);
    for (let at = 0; at < labels.length; at += 1) counts[labels[at]! * classes + bestOf(probabilities, at * classes, classes)]! += 1;
    return { step, classes, counts };
  }

  samples({ label, predicted, limit }: LabAsk<'samples'>): HeldOutSample[] {
    const { probabilities, classes, labels } = this.#answers();
    const found: Omit<HeldOutSample, 'x'>[] = [];
    for (let index = 0; index < labels.length; index += 1) {
      const answer = bestOf(probabilities, index * classes, classes);
      const wanted = label === undefined ? answer !== labels[index] : labels[index] === label && answer === predicted;
      if (wanted) found.push({ index, label: labels[index]!, predicted: answer, confidence: probabilities[index * classes + answer]! });
    }
    found.sort((a, b) => b.confidence - a.confidence);
    return found.slice(0, limit).map((one) => ({ ...one, x: this.#sample(one.index) }));
  }

  embedding(limit: number): Embedding {
    const { session, data } = this.run;
    const count = Math.min(limit, data.heldOut.count);
    const infos = session.layers();
    const nth = infos.length >= 2 ? infos.length - 2 : 0;
    const width = infos[nth]!.outputShape.reduce((all, size) => all * size, 1);
    const kept = Math.min(width, widest);
    const rows = new Float32Array(count * kept);
    for (let from = 0; from < count; from += probes) {
      const to = Math.min(count, from + probes);
      const answer = session.activations(this.#first(to, from))[nth]!.data;
      for (let row = from; row < to; row += 1) rows.set(answer.subarray((row - from) * width, (row - from) * width + kept), row * kept);
    }
    const { points, explained } = principal(rows, count, kept);
    return { layer: infos[nth]!.name, points, explained, labels: data.heldOut.labels.slice(0, count) };
  }

  gradCam({ sample, wanted }: LabAsk<'gradCam'>): LabAnswer<'gradCam'> {
    return gradCam(this.engine, this.run.session, this.spec.model, this.#sample(sample), wanted) ?? null;
  }

  #answers() {
    const { probabilities, step } = this.run.judgement();
    const { labels, count } = this.run.data.heldOut;
    if (!probabilities) throw new Error('the model answers no classes'); // The page asks only where it does.
    return { step, probabilities, labels: labels.subarray(0, count), classes: probabilities.length / count };
  }

  #sample(index: number): Float32Array<ArrayBuffer> {
    return this.#first(index + 1, index);
  }

  #first(to: number, from = 0): Float32Array<ArrayBuffer> {
    const { x, count } = this.run.data.heldOut;
    const width = x.length / count;
    const start = Math.min(from, count - 1);
    return x.slice(start * width, Math.max(start + 1, Math.min(to, count)) * width);
  }
}

export function transfersOf({ filters, answer, probabilities }: Snapshot): Transferable[] {
  return [...(filters ? [filters.data.buffer] : []), ...(answer ? [answer.picture.data.buffer] : []), probabilities.buffer];
}
