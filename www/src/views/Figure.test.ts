import { render } from 'svelte/server';
import { describe, expect, test } from 'vitest';
import Figure from './Figure.svelte';
import { readDrawing, type Drawing } from './drawing.ts';

const drawing = (items: unknown[], rest: object = {}): Drawing =>
  readDrawing(JSON.stringify({ width: 640, height: 480, dpi: 100, clips: [[80, 58, 496, 370]], items, about: { title: '', axes: [] }, ...rest }))!;
const html = (items: unknown[], theme: 'light' | 'dark' = 'light', rest: object = {}) =>
  render(Figure, { props: { drawing: drawing(items, rest), theme, describe: 'A line' } }).body;

const LINE = { kind: 'path', loops: [[1, 2, 3, 4]], open: true, stroke: '#1f77b4', width: 2, dash: [4, 2], clip: 0 };
const WORD = { kind: 'text', x: 1, y: 2, size: 14, fill: '#000000', anchor: 'middle', lines: [[['loss', 0, 0]]] };

describe('A drawing that a learner’s code made', () => {
  test('becomes SVG with its words for those who don’t see it', () => {
    const out = html([LINE, WORD]);
    expect(out).toContain('role="img"');
    expect(out).toContain('aria-label="A line"');
    expect(out).toContain('M1 2L3 4"');
    expect(out).toMatch(/clip-path="url\(#[\w-]+-0\)"/);
    expect(out).toContain('>loss</tspan>');
  });

  test('can put neither markup nor script nor an address into the page', () => {
    const evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>';
    const out = html(
      [
        { ...WORD, lines: [[[evil, 0, 0]]], anchor: evil, fill: '#000000' },
        { ...WORD, fill: evil },
        { ...LINE, stroke: 'url(javascript:alert(1))', fill: evil, dash: [evil], width: evil, clip: evil, loops: [[evil, 1, 2, 3]] },
        { kind: 'image', box: [0, 0, 1, 1], png: `AAAA"onload="alert(1)` },
        { kind: 'image', box: [evil, 0, 1, 1], png: 'AAAA' },
        { kind: 'foreignObject', body: evil },
        { kind: 'marks', at: [1, 2], outline: [[evil, 1]], size: evil, fill: evil, palette: [evil], stroke: [7] },
      ],
      'light',
      { face: evil, left: evil },
    );
    expect(out).not.toMatch(/<script|<img|<foreignObject|javascript:|onload="alert/);
    // What was text stays text, escaped.
    expect(out).toContain('&lt;script>');
    const hrefs = [...out.matchAll(/href="([^"]*)"/g)].map((match) => match[1]);
    expect(hrefs).toEqual(['data:image/png;base64,AAAA']);
    expect(new Set([...out.matchAll(/<([a-zA-Z]+)/g)].map((match) => match[1]))).toEqual(new Set(['svg', 'defs', 'clipPath', 'rect', 'g', 'path', 'text', 'tspan', 'image']));
  });

  test('keeps black on a picture and makes ink of it beside one', () => {
    expect(html([WORD], 'dark')).toContain('fill="var(--text)"');
    expect(html([{ ...WORD, lit: true }], 'dark')).toContain('fill="rgb(0 0 0)"');
  });

  test('draws one outline at many places, each in its colour', () => {
    const out = html([{ kind: 'marks', at: [10, 20, 30, 40], outline: [[-0.5, 0, 0.5, 0]], size: [4, 8], fill: [0, 1], stroke: '#ff0000', palette: ['#111111', '#e0e0e0'], width: 1 }]);
    expect(out).toContain('M8 20L12 20Z');
    expect(out).toContain('M26 40L34 40Z');
  });

  test('leaves thousands of marks to a canvas', () => {
    const at = Array.from({ length: 20_000 }, (_, n) => n % 400);
    expect(html([{ kind: 'marks', at, size: 3, fill: '#1f77b4' }]).match(/<circle/g)).toBeNull();
  });
});

describe('Reading a drawing', () => {
  test('refuses what is none', () => {
    for (const text of ['', '{', 'null', '[]', '{"width": 0, "height": 5}', '{"width": "9", "height": 5}']) expect(readDrawing(text)).toBeNull();
  });

  test('bounds numbers and keeps what is well formed', () => {
    const read = drawing([LINE, 7, null, { kind: 'path', loops: [[1e300, 2, 3, Number.NaN]], stroke: '#000000' }]);
    expect(read.items).toHaveLength(2);
    expect(read.items[0]).toMatchObject({ kind: 'path', open: true, clip: 0, dash: [4, 2], fill: null });
    expect(read.items[1]).toMatchObject({ loops: [[100_000, 2, 3, 0]] });
  });
});
