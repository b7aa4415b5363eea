/** A figure in words: what a screen reader says of it. */
import { language, t, type Key } from '../i18n/index.svelte.ts';
import { locales } from '../i18n/format.ts';
import type { AxesAbout, Drawing, SeriesAbout } from '../views/drawing.ts';

const KINDS: Record<string, Key> = {
  Line2D: 'figure.line', AxLine: 'figure.line', PathCollection: 'figure.scatter', Rectangle: 'figure.bars', AxesImage: 'figure.image',
  QuadMesh: 'figure.image', ContourSet: 'figure.contours', PolyCollection: 'figure.areas', Polygon: 'figure.areas', OpenOutline: 'figure.areas',
  LineCollection: 'figure.segments', Wedge: 'figure.wedges', Text: 'figure.texts', Annotation: 'figure.texts',
};

const number = (value: number) => value.toLocaleString(locales[language()], { maximumSignificantDigits: 4 });

function sayAxis(key: 'figure.x' | 'figure.y', label: string, [from, to]: [number, number], names: string[]): string {
  const name = label || t(key);
  if (names.length) return t('figure.categories', { name, names: names.join(t('figure.comma')) });
  return t('figure.range', { name, from: number(from), to: number(to) });
}

function saySeries({ kind, label, points, count }: SeriesAbout): string {
  const what = t(KINDS[kind] ?? 'figure.shapes', { n: count });
  const named = label ? t('figure.labelled', { what, label }) : what;
  return points > 0 ? t('figure.with-points', { what: named, n: points }) : named;
}

function sayAxes(axes: AxesAbout, place: number, many: boolean): string {
  const parts: string[] = [];
  if (axes.colorbar) parts.push(t('figure.colorbar'));
  else if (many) parts.push(t('figure.axes', { place }));
  if (axes.title) parts.push(t('figure.title', { title: axes.title }));
  if (axes.axis && !axes.colorbar) parts.push(sayAxis('figure.x', axes.xlabel, axes.xlim, axes.xnames));
  if (axes.axis) parts.push(sayAxis('figure.y', axes.ylabel, axes.ylim, axes.ynames));
  if (!axes.colorbar && axes.series.length) parts.push(axes.series.map(saySeries).join(t('figure.comma')));
  return parts.join(t('figure.semicolon'));
}

export function describeFigure({ about }: Drawing): string {
  const many = about.axes.filter((axes) => !axes.colorbar).length > 1;
  let place = 0;
  const sentences = about.axes.map((axes) => sayAxes(axes, axes.colorbar ? place : (place += 1), many));
  const head = about.title ? t('figure.title', { title: about.title }) : t('figure.figure');
  return [head, ...sentences].filter((sentence) => sentence !== '').join(t('figure.stop'));
}
