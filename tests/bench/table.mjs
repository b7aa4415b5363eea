// Rows of the benchmark as text.

const COLUMNS = [
  ['what', 'left'],
  ['median', 'right'],
  ['least – most', 'right'],
  ['GFLOP/s', 'right'],
  ['of peak', 'right'],
  ['ratio', 'right'],
  ['goal', 'left'],
  ['reached', 'left'],
];

/** A number with about three digits that mean something, thousands marked. */
export function digits(value) {
  const places = value === 0 || Math.abs(value) >= 100 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString('en', { minimumFractionDigits: Math.min(places, 4), maximumFractionDigits: Math.min(places, 4) });
}

/** One row's cells, from `{ what, unit, median, least, most, gflops, share, ratio, goal: { text, reached } }`. */
function cells(row) {
  const of = (value, text) => (value === undefined ? '' : text(value));
  return [
    row.what,
    of(row.median, (value) => `${digits(value)} ${row.unit}`),
    row.least === undefined || row.least === row.most ? '' : `${digits(row.least)} – ${digits(row.most)}`,
    of(row.gflops, (value) => value.toFixed(1)),
    of(row.share, (value) => `${(100 * value).toFixed(0)} %`),
    of(row.ratio, (value) => `${value.toFixed(2)}×`),
    row.goal?.text ?? row.note ?? '',
    of(row.goal?.reached, (reached) => (reached ? 'yes' : 'NO')),
  ];
}

/** Lines of text: sections with a heading, columns as wide as their widest cell. */
export function renderTable(sections) {
  const filled = sections.filter(({ rows }) => rows.length > 0).map(({ title, rows }) => ({ title, rows: rows.map(cells) }));
  const heads = COLUMNS.map(([name]) => name);
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...filled.flatMap(({ rows }) => rows.map((row) => row[column].length))),
  );
  const line = (row) =>
    row
      .map((cell, column) => (COLUMNS[column][1] === 'left' ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
      .join('  ')
      .trimEnd();
  return [line(heads), ...filled.flatMap(({ title, rows }) => ['', title, ...rows.map(line)])];
}
