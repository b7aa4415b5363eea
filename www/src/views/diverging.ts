// A diverging map: ember for positive, indigo for negative, through paper. The further from zero the further from
// paper, so it reads in grey; orange against blue is told apart by colour-blind eyes, and indigo ends darker.
export type Theme = 'light' | 'dark';
type Rgb = readonly [number, number, number];

const stops: Record<Theme, { negative: Rgb[]; paper: Rgb; positive: Rgb[] }> = {
  light: { negative: [[140, 146, 222], [49, 46, 129]], paper: [246, 243, 236], positive: [[240, 150, 84], [154, 52, 18]] },
  dark: { negative: [[79, 82, 180], [165, 180, 252]], paper: [32, 30, 28], positive: [[190, 84, 24], [255, 208, 150]] },
};

const tables = new Map<Theme, Uint32Array>();

function mix(a: Rgb, b: Rgb, share: number): number {
  const [red, green, blue] = a.map((from, at) => Math.round(from + (b[at]! - from) * share)) as [number, number, number];
  return (255 << 24) | (blue << 16) | (green << 8) | red;
}

/** 511 colours, little-endian RGBA, from −1 to 1. */
function colours(theme: Theme): Uint32Array {
  let table = tables.get(theme);
  if (table) return table;
  table = new Uint32Array(511);
  const { negative, paper, positive } = stops[theme];
  for (let level = 0; level < 511; level += 1) {
    const value = (level - 255) / 255;
    const [half, end] = (value < 0 ? negative : positive) as [Rgb, Rgb];
    const far = Math.abs(value);
    table[level] = far < 0.5 ? mix(paper, half, far * 2) : mix(half, end, far * 2 - 1);
  }
  tables.set(theme, table);
  return table;
}

/** The largest absolute value, at least a little, to divide by. */
export function reach(values: ArrayLike<number>): number {
  let most = 1e-6;
  for (let at = 0; at < values.length; at += 1) most = Math.max(most, Math.abs(values[at]!));
  return most;
}

export interface Tiles {
  /** Values in the order row, column, tile: a layer's NHWC answer, or a kernel's [kh][kw][1][o]. */
  values: ArrayLike<number>;
  width: number;
  height: number;
  count: number;
  /** How many tiles stand side by side. */
  columns: number;
  /** Empty pixels between tiles. */
  gap: number;
}

export function sizeOf({ width, height, count, columns, gap }: Tiles): { width: number; height: number } {
  const rows = Math.ceil(count / columns);
  return { width: columns * (width + gap) - gap, height: rows * (height + gap) - gap };
}

// Asking a canvas for its context makes the browser settle the page's style; once per canvas is enough.
const contexts = new WeakMap<HTMLCanvasElement, CanvasRenderingContext2D>();

function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = contexts.get(canvas) ?? canvas.getContext('2d')!;
  contexts.set(canvas, context);
  return context;
}

/** One canvas pixel per value; the page scales it up. */
export function paintTiles(canvas: HTMLCanvasElement, tiles: Tiles, most: number, theme: Theme) {
  const { values, width, height, count, columns, gap } = tiles;
  const size = sizeOf(tiles);
  if (canvas.width !== size.width || canvas.height !== size.height) Object.assign(canvas, size);
  const context = contextOf(canvas);
  const picture = context.createImageData(size.width, size.height);
  const pixels = new Uint32Array(picture.data.buffer);
  const table = colours(theme);
  for (let tile = 0; tile < count; tile += 1) {
    const left = (tile % columns) * (width + gap);
    const top = Math.floor(tile / columns) * (height + gap);
    for (let row = 0; row < height; row += 1) {
      for (let column = 0; column < width; column += 1) {
        const value = values[(row * width + column) * count + tile] ?? 0;
        const level = 255 + Math.round(255 * Math.max(-1, Math.min(1, value / most)));
        pixels[(top + row) * size.width + left + column] = table[level]!;
      }
    }
  }
  context.putImageData(picture, 0, 0);
}
