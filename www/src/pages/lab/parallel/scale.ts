// What a step of training costs on many devices, by the same formulas that the page measures in small.
//
// Ring all-reduce 2(n−1)/n of the bytes: Patarasuk and Yuan, 2009. Tensor parallelism, 4 all-reduces of s·b·h numbers a layer
// and micro-batch, 6 where activations are recomputed: Shoeybi et al., Megatron-LM, 2019. Pipeline: Huang et al., GPipe,
// 2019; interleaved, and one T-th of the activations sent by each device: Narayanan et al., 2021. ZeRO, with 3/2 of the
// bytes at stage 3: Rajbhandari et al., 2020. Attention's 12·L·h·s FLOP a token: Chowdhery et al., PaLM, 2022.
import { activationBytes, bubble, stateBytes, trainingFlop, type Recompute } from '../../../question/calculators/transformer.ts';
import { ringBytes } from '../../../../workers/parallel/rounds.ts';

export interface Scale {
  /** Of 10⁹. */
  billions: number;
  layers: number;
  hidden: number;
  heads: number;
  sequence: number;
  /** Sequences of a step in all, and of one pass. */
  batch: number;
  micro_batch: number;
  /** Bytes of a number that crosses. */
  bytes: number;
  data: number;
  tensor: number;
  pipeline: number;
  /** Slices of the model that a pipeline's device holds; 1: not interleaved. */
  slices: number;
  zero: number;
  recompute: Recompute;
  /** Whether gradients cross while the last backward pass runs. */
  overlap: boolean;
  /** Devices of one machine, whose links are the fast ones. */
  machine: number;
  inside_gb_s: number;
  between_gb_s: number;
  latency_us: number;
  teraflops: number;
  /** The share of the peak that one device's kernels reach by themselves, in percent. */
  reached: number;
  memory_gb: number;
}

export const kinds = ['compute', 'tensor', 'pipeline', 'bubble', 'data'] as const;
export type Kind = (typeof kinds)[number];

export interface Cost {
  devices: number;
  /** Passes of a step through each pipeline. */
  micro_batches: number;
  step_s: number;
  /** Seconds of a step by kind; they add up to it. */
  seconds: Record<Kind, number>;
  /** Sent by one device in a step. */
  sent_bytes: { tensor: number; pipeline: number; data: number };
  /** The whole data-parallel exchange; what computing does not hide of it is in `seconds`. */
  data_s: number;
  bubble: number;
  memory: { weights: number; gradients: number; state: number; activations: number; total: number };
  fits: boolean;
  /** Model FLOP reached, of the peak: recomputation does not count. */
  utilisation: number;
  tokens_per_s: number;
  /** Against one such device with memory for all. */
  speed_up: number;
}

/** How often a group of ZeRO's stage moves the array half-way (reduce-scatter or all-gather) in a step of m passes. */
function halves(zero: number, m: number): number {
  if (zero === 3) return 3 * m; // weights gathered forward and backward, gradients scattered, each pass
  return zero === 2 ? m + 1 : 2;
}

export function costOf(scale: Scale): Cost {
  const { layers, hidden, sequence, micro_batch, bytes, data, tensor, pipeline } = scale;
  const parameters = scale.billions * 1e9;
  const devices = data * tensor * pipeline;
  const m = Math.max(1, Math.ceil(scale.batch / (data * micro_batch)));
  const tokens = m * data * micro_batch * sequence;
  const model_flop = trainingFlop(parameters, tokens) + 12 * layers * hidden * sequence * tokens;
  const flop = model_flop * (scale.recompute === 'all' ? 4 / 3 : 1);
  const device_flop_s = scale.teraflops * 1e12 * (scale.reached / 100);
  const latency_s = scale.latency_us * 1e-6;
  const speed = (devices_near: number) => (devices_near <= scale.machine ? scale.inside_gb_s : scale.between_gb_s) * 1e9;

  // One pass of one micro-batch through one stage, there and back.
  const compute_s = flop / (devices * m * device_flop_s);
  const activations = micro_batch * sequence * hidden * bytes;
  const reduces = (scale.recompute === 'all' ? 6 : 4) * Math.ceil(layers / pipeline);
  const tensor_bytes = tensor > 1 ? reduces * ringBytes(tensor, activations) : 0;
  const tensor_s = tensor > 1 ? tensor_bytes / speed(tensor) + reduces * 2 * (tensor - 1) * latency_s : 0;
  const pipeline_bytes = pipeline > 1 ? (2 * scale.slices * activations) / tensor : 0;
  const pipeline_s = pipeline > 1 ? pipeline_bytes / speed(tensor * pipeline) + 2 * scale.slices * latency_s : 0;
  const pass_s = compute_s + tensor_s + pipeline_s;

  const share = parameters / (tensor * pipeline);
  const moves = data > 1 ? halves(scale.zero, m) : 0;
  const data_bytes = (moves * ringBytes(data, share * bytes)) / 2;
  const data_s = data_bytes / speed(tensor * data * (pipeline > 1 ? pipeline : 1)) + moves * (data - 1) * latency_s;
  // Two thirds of a pass are its way back.
  const hidden_s = scale.overlap ? Math.min(data_s, (2 / 3) * compute_s * (scale.zero >= 2 ? m : 1)) : 0;

  const seconds = {
    compute: m * compute_s,
    tensor: m * tensor_s,
    pipeline: m * pipeline_s,
    bubble: ((pipeline - 1) / scale.slices) * pass_s,
    data: data_s - hidden_s,
  };
  const step_s = kinds.reduce((sum, kind) => sum + seconds[kind], 0);
  const kept = activationBytes(scale.recompute, { s: sequence, b: micro_batch, h: hidden, a: scale.heads });
  const state = stateBytes(share, scale.zero, data);
  const memory = { ...state, activations: (kept * Math.ceil(layers / pipeline) * Math.min(pipeline, m)) / tensor, total: 0 };
  memory.total = memory.weights + memory.gradients + memory.state + memory.activations;
  return {
    devices,
    micro_batches: m,
    step_s,
    seconds,
    sent_bytes: { tensor: m * tensor_bytes, pipeline: m * pipeline_bytes, data: data_bytes },
    data_s,
    bubble: bubble(pipeline, m, scale.slices),
    memory,
    fits: memory.total <= scale.memory_gb * 1e9,
    utilisation: model_flop / (devices * scale.teraflops * 1e12 * step_s),
    tokens_per_s: tokens / step_s,
    speed_up: flop / device_flop_s / step_s,
  };
}

/** The same with 1, 2, 4 … copies, up to 4,096 devices. A batch that is held cannot be shared out beyond its micro-batches. */
export function course(scale: Scale, grows: boolean): { cost: Cost; data: number }[] {
  const points: { cost: Cost; data: number }[] = [];
  const each = scale.batch / scale.data;
  for (let data = 1; data * scale.tensor * scale.pipeline <= 4096; data *= 2) {
    const batch = grows ? each * data : scale.batch;
    if (data * scale.micro_batch > batch) break;
    points.push({ data, cost: costOf({ ...scale, data, batch }) });
  }
  return points;
}
