import { kvCache } from './kv-cache.ts';
import { parallelCards } from './parallel-cards.ts';
import { trainingFlops } from './training-flops.ts';
import { trainingMemory } from './training-memory.ts';
import type { Calculator } from './types.ts';

/** By the name that a question.toml gives. */
export const calculators: Record<string, Calculator> = Object.fromEntries(
  [kvCache, trainingMemory, trainingFlops, parallelCards].map((calculator) => [calculator.id, calculator]),
);
