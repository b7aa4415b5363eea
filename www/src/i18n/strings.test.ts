import { describe, expect, it } from 'vitest';
import { catalogue, type Area } from './catalogue.ts';
import { fill, translate } from './format.ts';

const placeholders = (text: string) => [...text.matchAll(/\{([\w-]+)\}/g)].map((match) => match[1]).sort();

describe('the sentences', () => {
  for (const area of Object.keys(catalogue.en) as Area[]) {
    it(`of ${area} have the same keys in both languages`, () => {
      expect(Object.keys(catalogue.zh[area]).sort()).toEqual(Object.keys(catalogue.en[area]).sort());
    });

    it(`of ${area} name the same fields in both languages`, () => {
      for (const [key, text] of Object.entries(catalogue.en[area])) {
        expect(placeholders(catalogue.zh[area][key] ?? ''), key).toEqual(placeholders(text));
      }
    });

    it(`of ${area} are never empty`, () => {
      for (const language of ['zh', 'en'] as const) {
        for (const [key, text] of Object.entries(catalogue[language][area])) expect(text.trim(), key).not.toBe('');
      }
    });
  }

  it('write numbers in the reader’s way and leave an unknown field visible', () => {
    expect(fill('{n} of {m}', { n: 8000 }, 'en')).toBe('8,000 of {m}');
    expect(translate('zh', 'app.close')).toBe('关闭');
  });

  it('take the word that goes with a number', () => {
    const runs = (n: number | string) => fill('Delete {n} {n:run|runs}', { n }, 'en');
    expect([runs(1), runs(2), runs(0), runs('1'), runs(1000)]).toEqual(['Delete 1 run', 'Delete 2 runs', 'Delete 0 runs', 'Delete 1 run', 'Delete 1,000 runs']);
    expect(translate('en', 'lab.train', { epochs: 1 })).toBe('Train 1 epoch');
    expect(translate('zh', 'lab.train', { epochs: 1 })).toBe('训练 1 轮');
  });
});
