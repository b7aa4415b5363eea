import { expect, test } from 'vitest';
import { finds } from './search.ts';

const exercise = {
  search: { words: '全连接层的反向传播 dense backward dense-backward', pinyin: 'quan lian jie ceng de fan xiang chuan bo' },
};
const found = (query: string) => finds(query, exercise);

test('words of either language find it, in any order', () => {
  expect(['', 'dense', 'BACK den', '反向', '全连接 backward'].map(found)).toEqual([true, true, true, true, true]);
  expect(['conv', 'dense conv', '卷积'].map(found)).toEqual([false, false, false]);
});

test('pinyin finds it, whole, by initials, or mixed, from the start of a syllable', () => {
  expect(['quanlianjie', 'qljc', 'fxcb', 'fanxcb', 'fanxiangchuan', 'fanxiangchu'].map(found)).toEqual([true, true, true, true, true, true]);
  expect(['uan', 'ljfx', 'bofan', 'qljx'].map(found)).toEqual([false, false, false, false]);
});

test('one letter is too little to be pinyin', () => expect(finds('q', exercise)).toBe(false));

test('full-width letters count as what they stand for', () => expect(found('ｄｅｎｓｅ')).toBe(true));

test('runs of Chinese do not run together', () => {
  expect(finds('jic', { search: { words: '', pinyin: 'juan ji|chi hua' } })).toBe(false);
});
