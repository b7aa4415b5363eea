/** Thousands of marks as one picture: an element each would make the page crawl. */
import type { MarksItem } from './drawing.ts';
import { alpha, paint, type Rgb, type Theme } from './paint.ts';

/** More marks than this are drawn on a canvas. */
export const MARKS_AS_ELEMENTS = 1500;
/** Pixels of the picture per pixel of the drawing. */
const FINENESS = 2;

export interface Mark {
  x: number;
  y: number;
  size: number;
  fill: string | null;
  stroke: string | null;
}

export function* eachMark(item: MarksItem): Generator<Mark> {
  const of = (value: MarksItem['fill'], at: number) => (Array.isArray(value) ? (item.palette[value[at] ?? 0] ?? null) : value);
  for (let at = 0; 2 * at + 1 < item.at.length; at += 1) {
    yield {
      x: item.at[2 * at]!, y: item.at[2 * at + 1]!, size: Array.isArray(item.size) ? (item.size[at] ?? 1) : item.size,
      fill: item.open ? null : of(item.fill, at), stroke: of(item.stroke, at),
    };
  }
}

export function pathOf(loops: number[][], open: boolean, x = 0, y = 0, size = 1): string {
  const place = (value: number, at: number) => Math.round((value * size + (at % 2 ? y : x)) * 100) / 100;
  return loops
    .map((loop) => {
      let data = 'M';
      for (let at = 0; at < loop.length; at += 2) data += `${at ? 'L' : ''}${place(loop[at]!, 0)} ${place(loop[at + 1]!, 1)}`;
      return open ? data : `${data}Z`;
    })
    .join('');
}

/** A data URL of the marks over the whole drawing. */
export function markPicture(
  item: MarksItem,
  frame: { left: number; top: number; width: number; height: number },
  theme: Theme,
  own: { ink: Rgb; paper: Rgb },
): string {
  const canvas = document.createElement('canvas');
  canvas.width = Math.ceil(frame.width * FINENESS);
  canvas.height = Math.ceil(frame.height * FINENESS);
  const context = canvas.getContext('2d');
  if (!context) return '';
  context.setTransform(FINENESS, 0, 0, FINENESS, -frame.left * FINENESS, -frame.top * FINENESS);
  const known = new Map<string, string>();
  const styled = (colour: string, use: 'line' | 'area') => {
    const key = use + colour;
    let style = known.get(key);
    if (style === undefined) known.set(key, (style = paint(colour, item.lit, theme, use, own)));
    return style;
  };
  context.lineWidth = item.width;
  for (const { x, y, size, fill, stroke } of eachMark(item)) {
    let outline: Path2D | null = null;
    if (item.outline) outline = new Path2D(pathOf(item.outline, item.open, x, y, size));
    else {
      context.beginPath();
      context.arc(x, y, size / 2, 0, 2 * Math.PI);
    }
    if (fill) {
      context.fillStyle = styled(fill, 'area');
      context.globalAlpha = alpha(fill);
      if (outline) context.fill(outline);
      else context.fill();
    }
    if (stroke) {
      context.strokeStyle = styled(stroke, 'line');
      context.globalAlpha = alpha(stroke);
      if (outline) context.stroke(outline);
      else context.stroke();
    }
  }
  return canvas.toDataURL('image/png');
}
