import { describe, expect, it } from 'vitest';
import { rewardOf } from './rules.ts';
import { pieces, Text, textNames } from './text.ts';

describe.each(textNames)('the text %s', (name) => {
  const text = new Text(name);
  const { train, heldOut } = text.split(3);
  const lines = text.write(train, 3).split('\n').slice(1);

  it('keeps prompts back that no sentence of it begins with', () => {
    expect(train.length).toBeGreaterThan(2 * heldOut.length);
    expect(new Set([...train, ...heldOut]).size).toBe(text.prompts().length);
    expect(lines.some((line) => heldOut.some((prompt) => line.startsWith(prompt)))).toBe(false);
  });

  it('holds what it writes for sentences, and what is spoilt for none', () => {
    for (const line of lines) {
      const answer = line.slice(train.find((prompt) => line.startsWith(prompt))!.length);
      expect(text.isSentence(answer)).toBe(true);
      expect(text.isSentence(`${answer}${answer}`)).toBe(false);
      expect(text.isSentence(answer.slice(0, -1))).toBe(false);
      expect(pieces(answer).length + 1).toBeLessThanOrEqual(text.limit);
    }
  });

  it('falls into pieces that make it up again', () => {
    expect(pieces(lines[0]!).join('')).toBe(lines[0]);
    expect(text.write(train, 3)).toBe(text.write(train, 3));
    expect(text.write(train, 4)).not.toBe(text.write(train, 3));
  });
});

it('rewards by rule', () => {
  const text = new Text('en');
  const answer = { text: ' sips tea and sips tea.', ended: true, length: 7 };
  const reward = (kind: Parameters<typeof rewardOf>[0]['kind'], word = '', written = answer) => rewardOf({ kind, word }, written, text);
  expect(reward('count', 'tea')).toBe(2);
  expect(reward('once', 'tea')).toBe(1);
  expect(reward('once', 'figs')).toBe(0);
  expect(reward('once', 'tea', { ...answer, text: ' sips tea tea.' })).toBe(0);
  expect(reward('once', 'tea', { ...answer, ended: false })).toBe(0);
  expect(reward('happy')).toBe(0);
  expect(reward('happy', '', { ...answer, text: ' reads and smiles.' })).toBe(1);
  expect(reward('short')).toBe(0.5);
});
