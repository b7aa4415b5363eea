// A table: a row is a sample, its last column (or the one called label, class, target or species) is its class.
import { Refused } from '../failure.ts';
import type { Raw } from './arrays.ts';

const labelNames = /^(label|labels|class|classes|target|species|y|category)$/i;

/** Rows of cells, as RFC 4180 quotes them; the separator is whichever the first line has most of. */
export function cellsOf(text: string): string[][] {
  const head = text.slice(0, Math.max(0, text.indexOf('\n')) || text.length);
  const separator = [',', '\t', ';'].reduce((best, one) => (head.split(one).length > head.split(best).length ? one : best));
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at]!;
    if (quoted) {
      if (letter !== '"') cell += letter;
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (letter === '"' && cell === '') quoted = true;
    else if (letter === separator || letter === '\n') {
      row.push(cell.trim());
      cell = '';
      if (letter === '\n') {
        rows.push(row);
        row = [];
      }
    } else cell += letter;
  }
  if (cell !== '' || row.length > 0) rows.push([...row, cell.trim()]);
  return rows.filter((cells) => cells.some((one) => one !== ''));
}

const numberOf = (cell: string | undefined): number => (cell === undefined || cell.trim() === '' ? NaN : Number(cell));

export function readTable(file: string, bytes: Uint8Array): Raw {
  const rows = cellsOf(new TextDecoder().decode(bytes));
  const width = rows[0]?.length ?? 0;
  if (rows.length < 2 || width < 2) throw new Refused('data_table_small', { file });
  // A first line without a single number names the columns.
  const hasHead = rows[0]!.every((cell) => Number.isNaN(numberOf(cell)));
  const head = hasHead ? rows[0]! : [];
  const body = hasHead ? rows.slice(1) : rows;
  const named = head.findIndex((name) => labelNames.test(name));
  // Where nobody says, what is no number is the class; else the last column.
  const text = body[0]!.findIndex((cell) => Number.isNaN(numberOf(cell)));
  const column = named >= 0 ? named : text >= 0 ? text : width - 1;

  const features = width - 1;
  const values = new Float32Array(body.length * features);
  const found: string[] = [];
  body.forEach((cells, at) => {
    const line = at + (hasHead ? 2 : 1);
    if (cells.length !== width) throw new Refused('data_row_width', { file, line, expected: width, got: cells.length });
    let to = at * features;
    cells.forEach((cell, place) => {
      if (place === column) return void found.push(cell);
      const value = numberOf(cell);
      if (!Number.isFinite(value)) throw new Refused('data_cell', { file, line, column: head[place] ?? String(place + 1), got: cell });
      values[to++] = value;
    });
  });
  const classes = [...new Set(found)].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  if (classes.length > 1000) throw new Refused('data_label_column', { file, column: head[column] ?? String(column + 1), got: classes.length });
  if (classes.length < 2) throw new Refused('data_one_class', { name: classes[0] ?? '' });
  const number = new Map(classes.map((name, at) => [name, at]));
  return { shape: [features], classes, values, labels: Uint32Array.from(found, (name) => number.get(name)!), testFrom: body.length };
}
