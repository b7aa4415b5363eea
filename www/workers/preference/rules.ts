// Rules that reward an answer: no model judges, so that everybody can check them; and some can be played.
import type { Rule } from './protocol.ts';
import type { Text } from './text.ts';

export interface Written {
  /** Without the line's end. */
  text: string;
  /** Whether it came to its end within the limit. */
  ended: boolean;
  /** Tokens, the line's end included. */
  length: number;
}

const occurrences = (text: string, word: string): number => (word === '' ? 0 : text.split(word).length - 1);

export function rewardOf({ kind, word }: Rule, { text, ended, length }: Written, language: Text): number {
  switch (kind) {
    case 'happy':
      return language.happy.some((one) => text.includes(one)) ? 1 : 0;
    case 'once':
      return ended && language.isSentence(text) && text.includes(word) ? 1 : 0;
    case 'count':
      return occurrences(text, word);
    case 'short':
      return 1 - length / language.limit;
  }
}
