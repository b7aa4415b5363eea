// Up to four classes of points, told apart by colour and by shape.
import type { Theme } from './diverging.ts';

export type Rgb = readonly [number, number, number];

const inks: Record<Theme, readonly Rgb[]> = {
  light: [[67, 56, 202], [194, 65, 12], [15, 118, 110], [162, 28, 175]],
  dark: [[165, 180, 252], [251, 146, 60], [45, 212, 191], [240, 171, 252]],
};
const papers: Record<Theme, Rgb> = { light: [250, 248, 243], dark: [29, 27, 25] };
/** How much of a class's ink a place has that is surely its own. */
const strength = 0.42;

export const classInk = (c: number, theme: Theme): string => `rgb(${inks[theme][c]!.join(' ')})`;

/** A path around (0, 0): circle, square, triangle, diamond. */
export function classMark(c: number, r: number): string {
  const s = r * 0.9;
  if (c === 0) return `M${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
  if (c === 1) return `M${-s} ${-s}h${2 * s}v${2 * s}h${-2 * s}z`;
  if (c === 2) return `M0 ${-1.2 * r}L${1.15 * r} ${0.85 * r}L${-1.15 * r} ${0.85 * r}z`;
  return `M0 ${-1.3 * r}L${1.3 * r} 0L0 ${1.3 * r}L${-1.3 * r} 0z`;
}

/**
 * Each pixel the mixture of the classes' inks by their probabilities. Shape of the answers: [pixels, classes], or
 * [pixels, 1] for the probability of class 1.
 */
export function paintClasses(canvas: HTMLCanvasElement, answers: ArrayLike<number>, side: number, classes: number, theme: Theme) {
  if (canvas.width !== side || canvas.height !== side) [canvas.width, canvas.height] = [side, side];
  const context = canvas.getContext('2d')!;
  const picture = context.createImageData(side, side);
  const [ink, paper] = [inks[theme], papers[theme]];
  for (let at = 0; at < side * side; at += 1) {
    const share = (c: number) => (classes > 1 ? answers[at * classes + c]! : c === 1 ? answers[at]! : 1 - answers[at]!);
    const count = Math.max(2, classes);
    // Where nobody is sure, paper; the surer, the more ink.
    let sure = 0;
    for (let c = 0; c < count; c += 1) sure = Math.max(sure, share(c));
    const much = strength * Math.max(0, Math.min(1, (sure - 1 / count) / (1 - 1 / count)));
    for (let channel = 0; channel < 3; channel += 1) {
      let mixed = 0;
      for (let c = 0; c < count; c += 1) mixed += share(c) * ink[c]![channel]!;
      picture.data[at * 4 + channel] = Math.round(paper[channel]! + much * (mixed - paper[channel]!));
    }
    picture.data[at * 4 + 3] = 255;
  }
  context.putImageData(picture, 0, 0);
}
