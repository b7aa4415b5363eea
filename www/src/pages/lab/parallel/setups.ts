// Setups that were published, with what is said of them; what is not said is our assumption: the share of the peak that one
// device's kernels reach by themselves (60 % where no figure is given), and a latency of 5 µs.
import type { Scale } from './scale.ts';

export interface Setup {
  /** `scale.source-<id>` says paper and table, and what of it is ours. */
  id: 'megatron-2019' | 'zero-2020' | 'megatron-145b' | 'megatron-1t' | 'llama-3';
  name: string;
  scale: Scale;
  /** TFLOP/s of each device, as reported; null where the paper reports none for it. */
  reported: number | null;
}

const common = { bytes: 2, slices: 1, zero: 0, overlap: true, latency_us: 5, reached: 60 } as const;
/** V100 in a DGX-2H: 16 to a machine, NVSwitch, 100 GB/s between machines for 16. */
const v100 = { machine: 16, inside_gb_s: 300, between_gb_s: 6.25, teraflops: 130, reached: 30, memory_gb: 32 } as const;
/** A100 80 GB in a DGX A100: NVLink 300 GB/s each way, eight cards of 200 Gbit/s. */
const a100 = { machine: 8, inside_gb_s: 300, between_gb_s: 25, teraflops: 312, memory_gb: 80 } as const;
/** H100: NVLink 450 GB/s each way, 400 Gbit/s a card. */
const h100 = { machine: 8, inside_gb_s: 450, between_gb_s: 50, teraflops: 989, memory_gb: 80 } as const;

export const setups: Setup[] = [
  {
    id: 'megatron-2019',
    name: 'Megatron-LM 8.3B, 512 × V100',
    scale: { ...common, ...v100, billions: 8.3, layers: 72, hidden: 3072, heads: 32, sequence: 1024, batch: 512, micro_batch: 8, data: 64, tensor: 8, pipeline: 1, recompute: 'all' },
    reported: 15_100 / 512,
  },
  {
    id: 'zero-2020',
    name: 'ZeRO 7.5B, 64 × V100',
    scale: { ...common, ...v100, billions: 7.5, layers: 36, hidden: 4096, heads: 32, sequence: 1024, batch: 64, micro_batch: 1, data: 64, tensor: 1, pipeline: 1, zero: 2, recompute: 'all' },
    reported: null,
  },
  {
    id: 'megatron-145b',
    name: 'Megatron 145B, 1536 × A100',
    scale: { ...common, ...a100, billions: 145.6, layers: 80, hidden: 12_288, heads: 96, sequence: 2048, batch: 2304, micro_batch: 1, data: 24, tensor: 8, pipeline: 8, recompute: 'all' },
    reported: 148,
  },
  {
    id: 'megatron-1t',
    name: 'Megatron 1T, 3072 × A100',
    scale: { ...common, ...a100, billions: 1008, layers: 128, hidden: 25_600, heads: 160, sequence: 2048, batch: 3072, micro_batch: 1, data: 6, tensor: 8, pipeline: 64, recompute: 'all' },
    reported: 163,
  },
  {
    id: 'llama-3',
    name: 'Llama 3 405B, 8192 × H100',
    scale: { ...common, ...h100, billions: 405, layers: 126, hidden: 16_384, heads: 128, sequence: 8192, batch: 2048, micro_batch: 1, data: 64, tensor: 8, pipeline: 16, zero: 1, recompute: 'attention' },
    reported: 430,
  },
];
