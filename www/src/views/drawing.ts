/**
 * A figure as data, as www/python/matplotlib/_draw.py makes it. It was made where a learner's code runs, so nothing in
 * it is believed: what is read here is numbers within bounds, colours, base64 and text, put into new objects.
 */

/** '#rrggbb' or '#rrggbbaa'. */
export type Colour = string;

interface Placed {
  /** Which of the drawing's clipping rectangles cuts it. */
  clip: number | null;
  /** On a picture or a coloured ground: its colours are meant as they are, in either theme. */
  lit: boolean;
}

export interface PathItem extends Placed {
  kind: 'path';
  /** x, y, x, y … of each loop or line. */
  loops: number[][];
  open: boolean;
  fill: Colour | null;
  stroke: Colour | null;
  width: number;
  dash: number[];
}

export interface MarksItem extends Placed {
  kind: 'marks';
  at: number[];
  /** For a size of one; null for a circle. */
  outline: number[][] | null;
  open: boolean;
  size: number | number[];
  fill: Colour | null | number[];
  stroke: Colour | null | number[];
  palette: (Colour | null)[];
  width: number;
}

export interface ImageItem extends Placed {
  kind: 'image';
  box: [number, number, number, number];
  /** Base64. */
  png: string;
  smooth: boolean;
  alpha: number;
}

export interface Run {
  text: string;
  /** Raised, lowered, or on the line. */
  level: 1 | -1 | 0;
  italic: boolean;
}

export interface TextItem extends Placed {
  kind: 'text';
  x: number;
  y: number;
  size: number;
  fill: Colour;
  anchor: 'start' | 'middle' | 'end';
  angle: number;
  bold: boolean;
  italic: boolean;
  mono: boolean;
  lines: Run[][];
}

export type Item = PathItem | MarksItem | ImageItem | TextItem;

export interface SeriesAbout {
  kind: string;
  label: string;
  points: number;
  count: number;
}

export interface AxesAbout {
  title: string;
  xlabel: string;
  ylabel: string;
  xlim: [number, number];
  ylim: [number, number];
  /** Names of categories, where the axis has such. */
  xnames: string[];
  ynames: string[];
  axis: boolean;
  colorbar: boolean;
  series: SeriesAbout[];
}

export interface Drawing {
  left: number;
  top: number;
  width: number;
  height: number;
  dpi: number;
  number: number;
  live: boolean;
  face: Colour | null;
  clips: [number, number, number, number][];
  items: Item[];
  about: { title: string; axes: AxesAbout[] };
}

const FAR = 100_000;
/** _display.py refuses to send more. */
const ITEMS_MAX = 20_000;
const LOOPS_MAX = 500_000;
const TEXT_MAX = 2_000;

type Raw = Record<string, unknown>;

const asRaw = (value: unknown): Raw => (typeof value === 'object' && value !== null ? (value as Raw) : {});
const asList = (value: unknown, most = ITEMS_MAX): unknown[] => (Array.isArray(value) ? value.slice(0, most) : []);
const asText = (value: unknown): string => (typeof value === 'string' ? value.slice(0, TEXT_MAX) : '');

function asNumber(value: unknown, fallback = 0, least = -FAR, most = FAR): number {
  return typeof value === 'number' && Number.isFinite(value) ? Math.min(most, Math.max(least, value)) : fallback;
}

const asNumbers = (value: unknown, most = 2_000_000): number[] => asList(value, most).map((each) => asNumber(each));
const asColour = (value: unknown): Colour | null =>
  typeof value === 'string' && /^#[0-9a-f]{6}([0-9a-f]{2})?$/.test(value) ? value : null;
const asLoops = (value: unknown): number[][] =>
  asList(value, LOOPS_MAX).map((loop) => asNumbers(loop)).filter((loop) => loop.length > 1 && loop.length % 2 === 0);

function asBox(value: unknown): [number, number, number, number] {
  const [x, y, width, height] = asNumbers(value, 4);
  return [x ?? 0, y ?? 0, Math.max(0, width ?? 0), Math.max(0, height ?? 0)];
}

/** One colour for all marks, or a place in the palette for each. */
function asPaint(value: unknown, palette: (Colour | null)[]): Colour | null | number[] {
  if (!Array.isArray(value)) return asColour(value);
  return asNumbers(value).map((at) => (Number.isInteger(at) && at >= 0 && at < palette.length ? at : 0));
}

function readItem(value: unknown, clips: number): Item | null {
  const raw = asRaw(value);
  const clip = typeof raw.clip === 'number' && Number.isInteger(raw.clip) && raw.clip >= 0 && raw.clip < clips ? raw.clip : null;
  const placed: Placed = { clip, lit: raw.lit === true };
  switch (raw.kind) {
    case 'path':
      return {
        kind: 'path', ...placed, loops: asLoops(raw.loops), open: raw.open === true, fill: asColour(raw.fill), stroke: asColour(raw.stroke),
        width: asNumber(raw.width, 1, 0, 1000), dash: asNumbers(raw.dash, 16).map((length) => Math.max(0, length)),
      };
    case 'marks': {
      const palette = asList(raw.palette).map(asColour);
      const sizes = Array.isArray(raw.size) ? asNumbers(raw.size) : asNumber(raw.size, 1, 0);
      return {
        kind: 'marks', ...placed, at: asNumbers(raw.at), outline: raw.outline === undefined ? null : asLoops(raw.outline), open: raw.open === true,
        size: sizes, fill: asPaint(raw.fill, palette), stroke: asPaint(raw.stroke, palette), palette, width: asNumber(raw.width, 1, 0, 1000),
      };
    }
    case 'image': {
      const png = typeof raw.png === 'string' && /^[A-Za-z0-9+/]+={0,2}$/.test(raw.png) ? raw.png : null;
      return png === null ? null : { kind: 'image', ...placed, box: asBox(raw.box), png, smooth: raw.smooth === true, alpha: asNumber(raw.alpha, 1, 0, 1) };
    }
    case 'text': {
      const fill = asColour(raw.fill);
      if (fill === null) return null;
      const anchor = raw.anchor === 'middle' || raw.anchor === 'end' ? raw.anchor : 'start';
      const lines = asList(raw.lines, 200).map((line) => asList(line, 200).map(readRun));
      return {
        kind: 'text', ...placed, x: asNumber(raw.x), y: asNumber(raw.y), size: asNumber(raw.size, 10, 0, 2000), fill, anchor,
        angle: asNumber(raw.angle), bold: raw.bold === true, italic: raw.italic === true, mono: raw.mono === true, lines,
      };
    }
    default:
      return null;
  }
}

function readRun(value: unknown): Run {
  const [text, level, italic] = asList(value, 3);
  return { text: asText(text), level: level === 1 || level === -1 ? level : 0, italic: italic === 1 };
}

function asPair(value: unknown): [number, number] {
  const [low, high] = asList(value, 2).map((each) => asNumber(each, 0, -Number.MAX_VALUE, Number.MAX_VALUE));
  return [low ?? 0, high ?? 0];
}

function readAxes(value: unknown): AxesAbout {
  const raw = asRaw(value);
  return {
    title: asText(raw.title), xlabel: asText(raw.xlabel), ylabel: asText(raw.ylabel), xlim: asPair(raw.xlim), ylim: asPair(raw.ylim),
    xnames: asList(raw.xnames, 50).map(asText), ynames: asList(raw.ynames, 50).map(asText), axis: raw.axis !== false, colorbar: raw.colorbar === true,
    series: asList(raw.series, 20).map((each) => {
      const series = asRaw(each);
      return { kind: asText(series.kind), label: asText(series.label), points: asNumber(series.points, 0, 0, 1e9), count: asNumber(series.count, 1, 0, 1e9) };
    }),
  };
}

/** Null for what is no drawing at all. */
export function readDrawing(json: string): Drawing | null {
  let raw: Raw;
  try {
    raw = asRaw(JSON.parse(json));
  } catch {
    return null;
  }
  const [width, height] = [asNumber(raw.width, 0, 0, 20_000), asNumber(raw.height, 0, 0, 20_000)];
  if (width < 1 || height < 1) return null;
  const clips = asList(raw.clips).map(asBox);
  const about = asRaw(raw.about);
  return {
    left: asNumber(raw.left), top: asNumber(raw.top), width, height, dpi: asNumber(raw.dpi, 100, 1, 10_000),
    number: asNumber(raw.number), live: raw.live === true, face: asColour(raw.face), clips,
    items: asList(raw.items).map((item) => readItem(item, clips.length)).filter((item) => item !== null),
    about: { title: asText(about.title), axes: asList(about.axes, 100).map(readAxes) },
  };
}
