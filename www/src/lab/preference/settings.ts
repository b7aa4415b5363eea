// What the preference room depends on, and how it stands in the address: only what differs from the usual.
import { ruleKinds, type BaseSettings, type DpoSettings, type GrpoSettings, type Rule } from '../../../workers/preference/protocol.ts';
import { Text, textNames, type TextName } from '../../../workers/preference/text.ts';
import { queryOf as queryBy, settingsOf as settingsBy, type Refusal, type Table } from '../query.ts';

export const texts = ['page', ...textNames] as const;

export interface Settings {
  /** `page`: that of the page's language. */
  text: (typeof texts)[number];
  width: number;
  blocks: number;
  base_steps: number;
  /** Of everything: the text, the base, what is sampled. */
  seed: number;
  rule: Rule['kind'];
  /** Empty: the text's own. */
  word: string;
  group: number;
  prompts: number;
  steps: number;
  updates: number;
  rate: number;
  clip: number;
  beta: number;
  pairs: number;
  dpo_batch: number;
  dpo_steps: number;
  dpo_rate: number;
  dpo_beta: number;
}

export const usual: Settings = {
  text: 'page', width: 48, blocks: 2, base_steps: 300, seed: 1,
  rule: 'happy', word: '',
  group: 8, prompts: 8, steps: 40, updates: 2, rate: 0.0005, clip: 0.2, beta: 0.1,
  pairs: 256, dpo_batch: 32, dpo_steps: 50, dpo_rate: 0.0002, dpo_beta: 0.1,
};

export const bounds = {
  width: [8, 128], blocks: [1, 4], base_steps: [20, 5000], seed: [0, 4294967295],
  group: [2, 32], prompts: [1, 16], steps: [1, 500], updates: [1, 10], rate: [1e-6, 0.1], clip: [0.01, 1], beta: [0, 10],
  pairs: [8, 2000], dpo_batch: [1, 128], dpo_steps: [1, 1000], dpo_rate: [1e-6, 0.1], dpo_beta: [0.001, 10],
} as const satisfies Table<Settings>['bounds'];

export const wordMost = 12;
const real = ['rate', 'clip', 'beta', 'dpo_rate', 'dpo_beta'] as const;
const table: Table<Settings> = { usual, bounds, real, words: { text: texts, rule: ruleKinds } };

export const queryOf = (settings: Settings): URLSearchParams => queryBy(table, settings);

export function settingsOf(query: URLSearchParams): { settings: Settings; refused: Refusal[] } {
  const rest = new URLSearchParams(query);
  rest.delete('word');
  const { settings, refused } = settingsBy(table, rest);
  const word = query.get('word') ?? '';
  if ([...word].length > wordMost) refused.push({ name: 'word', got: word, expected: `≤ ${wordMost}` });
  else settings.word = word;
  return { settings, refused };
}

export const textOf = ({ text }: Settings, page: TextName): TextName => (text === 'page' ? page : text);

export const baseOf = (settings: Settings, page: TextName): BaseSettings => ({
  text: textOf(settings, page), width: settings.width, blocks: settings.blocks, steps: settings.base_steps, seed: settings.seed,
});

/** The word stands in a rule only where the rule reads it, so that equal rules look equal. */
export const ruleOf = ({ rule, word }: Settings, text: TextName): Rule => ({ kind: rule, word: rule === 'once' || rule === 'count' ? word || new Text(text).word : '' });

export const grpoOf = ({ group, prompts, steps, updates, rate, clip, beta, seed }: Settings): GrpoSettings => ({ type: 'grpo', group, prompts, steps, updates, learning_rate: rate, clip, beta, seed });

export const dpoOf = ({ pairs, dpo_batch, dpo_steps, dpo_rate, dpo_beta, seed }: Settings): DpoSettings => ({
  type: 'dpo', pairs, batch_size: dpo_batch, steps: dpo_steps, learning_rate: dpo_rate, beta: dpo_beta, seed,
});
