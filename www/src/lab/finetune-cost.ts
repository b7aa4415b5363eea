// What the ways of a comparison cost: numbers that train, the optimiser's memory, time.
import { n, t } from '../i18n/index.svelte.ts';
import type { Course, Method } from './finetune.svelte.ts';

export interface Cost {
  method: Method;
  /** In the last stage, when all that the way opens is open. */
  trains: number;
  /** Base and head, and adapters where there are any. */
  whole: number;
  state_bytes: number;
  /** Of that stage, without judging. */
  epoch_ms: number;
}

/** Adam's two moments of each number that trains, in float32, as Keras and PyTorch keep them. */
export const stateBytes = (trains: number): number => 8 * trains;

/** Of one training that has come to its last stage; `base`: how many numbers the base has. */
export function costOf({ trial, stages }: Pick<Course, 'trial' | 'stages'>, base: number): Cost | undefined {
  const last = stages[trial.stages.length - 1];
  if (!last) return undefined;
  const { training, baseTraining } = last;
  return {
    method: trial.method,
    trains: training,
    whole: base + training - baseTraining,
    state_bytes: stateBytes(training),
    epoch_ms: last.train_ms / last.epochs,
  };
}

export function bytesText(bytes: number): string {
  return bytes < 1e6 ? t('lora.kb', { n: n(bytes / 1e3, 1) }) : t('lora.mb', { n: n(bytes / 1e6, 1) });
}

export const msText = (ms: number): string => n(ms, ms < 10 ? 1 : 0);
