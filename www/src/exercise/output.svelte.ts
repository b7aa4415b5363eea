/** What a run puts out, in order: text and figures. */
import type { OutputChunk } from '../python/types.ts';
import { readDrawing, type Drawing } from '../views/drawing.ts';

export type Piece = { kind: 'text'; text: string } | { kind: 'figure'; drawing: Drawing };

/** What is printed is shown up to here; a runaway print must not fill the page's memory. */
const CHARACTERS_MAX = 100_000;
const FIGURES_MAX = 60;

export class RunOutput {
  pieces = $state.raw<Piece[]>([]);
  /** Characters left out. */
  cut = $state(0);
  figuresCut = $state(0);
  #characters = 0;
  #figures = 0;

  get empty(): boolean {
    return this.pieces.length === 0;
  }

  get text(): string {
    return this.pieces.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('');
  }

  clear(): void {
    this.pieces = [];
    this.cut = this.figuresCut = this.#characters = this.#figures = 0;
  }

  add(chunk: OutputChunk): void {
    if (chunk.stream === 'figure') this.#addFigure(chunk.drawing);
    else this.#addText(chunk.text);
  }

  #addText(text: string): void {
    const kept = text.slice(0, Math.max(0, CHARACTERS_MAX - this.#characters));
    this.#characters += kept.length;
    this.cut += text.length - kept.length;
    if (kept === '') return;
    const last = this.pieces.at(-1);
    if (last?.kind === 'text') this.pieces = [...this.pieces.slice(0, -1), { kind: 'text', text: last.text + kept }];
    else this.pieces = [...this.pieces, { kind: 'text', text: kept }];
  }

  #addFigure(json: string): void {
    const drawing = readDrawing(json);
    if (!drawing) return;
    // plt.pause shows the same figure again and again: the newest drawing takes the place of the one before.
    const before = this.pieces.findLastIndex((piece) => piece.kind === 'figure' && piece.drawing.number === drawing.number && piece.drawing.live);
    if (before >= 0) {
      this.pieces = this.pieces.with(before, { kind: 'figure', drawing });
    } else if (this.#figures < FIGURES_MAX) {
      this.#figures += 1;
      this.pieces = [...this.pieces, { kind: 'figure', drawing }];
    } else {
      this.figuresCut += 1;
    }
  }
}
