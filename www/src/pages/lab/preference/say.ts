// What the room calls its runs and rules.
import { n, t } from '../../../i18n/index.svelte.ts';
import type { Method, Rule, Run } from '../../../lab/preference.svelte.ts';

export const nameOf = ({ type, beta }: Pick<Method, 'type' | 'beta'>): string => t(`preference.run-${type}`, { beta: String(beta) });

export const ruleText = ({ kind, word }: Rule): string => t(`preference.rule-${kind}-of`, { word });

/** Of a 0 or 1: no decimals; of a mean: two. */
export const rewardText = (reward: number): string => n(reward, Number.isInteger(reward) ? 0 : 2);

/** On an axis: large ones without decimals. */
export const tickText = (value: number): string => n(value, Math.abs(value) >= 3 ? 0 : 2).replace('-', '−');

export const slotOf = ({ letter }: Run): number => letter.charCodeAt(0) - 'A'.charCodeAt(0);

/** Room for a curve above and below, where it is flat too. */
export const around = (least: number, most: number): [number, number] => {
  const room = Math.max(1e-3, (most - least) * 0.08);
  return [least - room, most + room];
};
export const fromZero = (_: number, most: number): [number, number] => [0, Math.max(0.05, most * 1.08)];
export const shares = (): [number, number] => [0, 1.02];
