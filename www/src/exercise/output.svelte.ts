/** What a run puts out, in order: text, figures, and the curves of trainings. */
import type { OutputChunk } from '../python/types.ts';
import { readDrawing, type Drawing } from '../views/drawing.ts';
import { addTo, begin, readProgress, type Training } from './training.ts';

export type Piece =
  | { kind: 'text'; text: string }
  | { kind: 'figure'; drawing: Drawing }
  | { kind: 'training'; training: Training };

/** What is printed is shown up to here; a runaway print must not fill the page's memory. */
const CHARACTERS_MAX = 100_000;
const FIGURES_MAX = 60;
const TRAININGS_MAX = 20;

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
    else if (chunk.stream === 'progress') this.#addProgress(chunk.progress);
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

  /** The curves stand where their training began, while what it prints goes on below. */
  #addProgress(json: string): void {
    const progress = readProgress(json);
    if (!progress) return;
    const at = this.pieces.findLastIndex((piece) => piece.kind === 'training');
    const piece = this.pieces[at];
    if (piece?.kind === 'training' && progress.step >= piece.training.step) {
      this.pieces = this.pieces.with(at, { kind: 'training', training: addTo(piece.training, progress) });
    } else if (this.pieces.filter(({ kind }) => kind === 'training').length < TRAININGS_MAX) {
      this.pieces = [...this.pieces, { kind: 'training', training: begin(progress) }];
    }
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
