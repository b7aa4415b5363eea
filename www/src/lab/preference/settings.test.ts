import { describe, expect, it } from 'vitest';
import { grpoOf, queryOf, ruleOf, settingsOf, usual } from './settings.ts';

describe('the address of the preference room', () => {
  it('says only what differs from the usual, and gives the same settings back', () => {
    const settings = { ...usual, text: 'en' as const, rule: 'count' as const, word: 'a rose', beta: 0, dpo_rate: 1e-5 };
    const query = queryOf(settings);
    expect(query.toString()).toBe('text=en&rule=count&word=a+rose&beta=0&dpo_rate=0.00001');
    expect(settingsOf(query)).toEqual({ settings, refused: [] });
    expect(queryOf(usual).size).toBe(0);
  });

  it('names what cannot be, and takes the usual there', () => {
    const { settings, refused } = settingsOf(new URLSearchParams('group=1&rule=kind&word=aaaaaaaaaaaaaaaa&clip=x&nothing=1'));
    expect(settings).toEqual(usual);
    expect(refused.map(({ name }) => name)).toEqual(['group', 'rule', 'clip', 'nothing', 'word']);
  });

  it('gives a rule its word only where it reads one', () => {
    expect(ruleOf({ ...usual, word: 'x' }, 'en')).toEqual({ kind: 'happy', word: '' });
    expect(ruleOf({ ...usual, rule: 'count' }, 'en')).toEqual({ kind: 'count', word: 'tea' });
    expect(grpoOf(usual)).toMatchObject({ type: 'grpo', learning_rate: usual.rate });
  });
});
