/**
 * Colours of figures in the page's light and dark. Black is ink, white is paper and grey lies between, as CSS of the
 * page's own colours; other colours stay what they are unless they would be hard to see on the ground.
 */
import type { Colour } from './drawing.ts';

export type Theme = 'light' | 'dark';
export type Rgb = [number, number, number];

/** What the colour paints: thin things need more contrast than areas. */
export type Use = 'line' | 'area';

/** The grounds of figures: --surface of styles/tokens.css, for measuring contrast. */
const GROUND: Record<Theme, Rgb> = { light: [255, 255, 255], dark: [29, 27, 25] };
const CONTRAST_LEAST: Record<Theme, Record<Use, number>> = { light: { line: 1.7, area: 1 }, dark: { line: 3, area: 2.2 } };

export function rgb(colour: Colour): Rgb {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)) as Rgb;
}

export function alpha(colour: Colour): number {
  return colour.length > 7 ? parseInt(colour.slice(7), 16) / 255 : 1;
}

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function contrast(a: Rgb, b: Rgb): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function mix(a: Rgb, b: Rgb, share: number): Rgb {
  return a.map((value, at) => value + (b[at]! - value) * share) as Rgb;
}

const css = ([r, g, b]: Rgb) => `rgb(${Math.round(r)} ${Math.round(g)} ${Math.round(b)})`;

/** How much of paper is in a grey, 0 to 1; null for what has a hue. */
function greyness(colour: Rgb): number | null {
  return Math.max(...colour) - Math.min(...colour) > 8 ? null : (colour[0] + colour[1] + colour[2]) / 765;
}

/** A colour with a hue, moved away from the ground as far as it must be. */
function seen(colour: Rgb, theme: Theme, use: Use): Rgb {
  const ground = GROUND[theme];
  const wanted = CONTRAST_LEAST[theme][use];
  const away: Rgb = theme === 'dark' ? [255, 255, 255] : [0, 0, 0];
  let moved = colour;
  for (let share = 0.1; contrast(moved, ground) < wanted && share < 0.95; share += 0.1) moved = mix(colour, away, share);
  return moved;
}

/** The CSS of a colour without its alpha. `ink` and `paper` replace the page's variables where there is no page. */
export function paint(colour: Colour, lit: boolean, theme: Theme, use: Use, own?: { ink: Rgb; paper: Rgb }): string {
  const value = rgb(colour);
  if (lit) return css(value);
  const grey = greyness(value);
  if (grey === null) return css(seen(value, theme, use));
  if (own) return css(mix(own.ink, own.paper, grey));
  if (grey < 0.004) return 'var(--text)';
  if (grey > 0.996) return 'var(--surface)';
  return `color-mix(in srgb, var(--surface) ${Math.round(grey * 100)}%, var(--text))`;
}
