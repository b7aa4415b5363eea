import { describe, expect, test } from 'vitest';
import { alpha, contrast, paint, rgb, type Rgb } from './paint.ts';

const SURFACE: Record<'light' | 'dark', Rgb> = { light: [255, 255, 255], dark: [29, 27, 25] };
const CYCLE = ['#1f77b4', '#ff7f0e', '#2ca02c', '#d62728', '#9467bd', '#8c564b', '#e377c2', '#7f7f7f', '#bcbd22', '#17becf'];
const NAMED = ['#0000ff', '#000080', '#800000', '#006400', '#4b0082', '#ff0000', '#008000', '#00bfbf', '#bf00bf', '#bfbf00'];
const own = { light: { ink: [28, 27, 26] as Rgb, paper: SURFACE.light }, dark: { ink: [237, 234, 228] as Rgb, paper: SURFACE.dark } };
const parsed = (css: string) => css.match(/\d+/g)!.map(Number) as Rgb;

describe.each(['light', 'dark'] as const)('In the %s theme', (theme) => {
  test('every usual colour of a line can be told from the ground', () => {
    for (const colour of [...CYCLE, ...NAMED]) {
      const seen = contrast(parsed(paint(colour, false, theme, 'line', own[theme])), SURFACE[theme]);
      expect(seen, colour).toBeGreaterThan(theme === 'dark' ? 3 : 1.7);
    }
  });

  test('black is ink, white is paper, grey lies between', () => {
    expect(paint('#000000', false, theme, 'line')).toBe('var(--text)');
    expect(paint('#ffffff', false, theme, 'area')).toBe('var(--surface)');
    expect(paint('#b0b0b0', false, theme, 'line')).toBe('color-mix(in srgb, var(--surface) 69%, var(--text))');
    expect(parsed(paint('#000000', false, theme, 'line', own[theme]))).toEqual(own[theme].ink);
  });

  test('on a picture every colour is what it is', () => {
    for (const colour of [...CYCLE, '#000000', '#ffffff']) expect(parsed(paint(colour, true, theme, 'line'))).toEqual(rgb(colour));
  });
});

test('a colour that is seen well enough stays what it is', () => {
  expect(parsed(paint('#1f77b4', false, 'light', 'line'))).toEqual([31, 119, 180]);
  expect(parsed(paint('#ff7f0e', false, 'dark', 'line'))).toEqual([255, 127, 14]);
});

test('two more digits are the alpha', () => {
  expect(alpha('#00000080')).toBeCloseTo(0.502, 3);
  expect(alpha('#000000')).toBe(1);
});
