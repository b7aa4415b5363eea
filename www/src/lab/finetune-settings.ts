// What a fine-tuning depends on beside its base and its task, and what is usual.
import type { Method, Stage, Trial } from '../../workers/finetune/protocol.ts';

export interface Settings {
  perClass: number;
  units: number;
  batch_size: number;
  seed: number;
  stages: Stage[];
  norms: Trial['norms'];
  cached: boolean;
  /** From scratch a network wants another rate than a new head. */
  scratchRate: number;
  /** Low-rank adapters in the last blocks, `open` of them, trained with the head at their own rate. */
  lora: { rank: number; alpha: number; open: number; rate: number };
}

export const sizes = [10, 50, 200] as const;
export const methods: readonly Method[] = ['scratch', 'frozen', 'staged', 'lora'];

export const usual: Settings = {
  perClass: 50,
  units: 64,
  batch_size: 16,
  seed: 1,
  stages: [
    { open: 0, epochs: 10, rate: 0.01 },
    { open: 1, epochs: 10, rate: 0.001 },
    { open: 3, epochs: 10, rate: 0.0001 },
  ],
  norms: 'still',
  cached: true,
  scratchRate: 0.001,
  lora: { rank: 4, alpha: 8, open: 3, rate: 0.003 },
};

/** VGG16 trains its last block at most: all of it would take an hour or more. */
export const usualOfLarge: Settings = {
  ...usual,
  units: 256,
  stages: [
    { open: 0, epochs: 15, rate: 0.001 },
    { open: 1, epochs: 5, rate: 0.0001 },
  ],
  perClass: 20,
  lora: { rank: 8, alpha: 16, open: 1, rate: 0.001 },
};

/** Those that are tried one after another. */
export const ranks = [1, 2, 4, 8, 16] as const;

/** What the fields of LoRA take. */
export const bounds = { rank: [1, 64], alpha: [0.01, 1024] } as const;
