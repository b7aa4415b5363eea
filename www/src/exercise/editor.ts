/** CodeMirror set up for short Python: quiet, four spaces, its colours from the page's own variables. */
import { closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { python } from '@codemirror/lang-python';
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { Compartment, EditorState, RangeSet, StateEffect, StateField, Transaction } from '@codemirror/state';
import {
  Decoration, EditorView, GutterMarker, drawSelection, gutterLineClass, highlightActiveLine, highlightActiveLineGutter,
  keymap, lineNumbers,
} from '@codemirror/view';
import { classHighlighter } from '@lezer/highlight';

const setErrorLine = StateEffect.define<number | null>();

const errorMark = Decoration.line({ class: 'cm-errorLine' });
const errorGutterMark = new (class extends GutterMarker { override elementClass = 'cm-errorLine'; })();

/** The position of the line where the learner's code raised; it moves with edits and goes when the line is edited. */
const errorLine = StateField.define<number | null>({
  create: () => null,
  update(position, transaction) {
    for (const effect of transaction.effects) {
      if (!effect.is(setErrorLine)) continue;
      const { value } = effect;
      const { doc } = transaction.state;
      return value === null || value < 1 || value > doc.lines ? null : doc.line(value).from;
    }
    if (position === null || !transaction.docChanged) return position;
    const line = transaction.startState.doc.lineAt(position);
    return transaction.changes.touchesRange(line.from, line.to) ? null : transaction.changes.mapPos(position);
  },
  provide: (field) => [
    EditorView.decorations.from(field, (at) => (at === null ? Decoration.none : Decoration.set(errorMark.range(at)))),
    gutterLineClass.from(field, (at) => (at === null ? RangeSet.empty : RangeSet.of(errorGutterMark.range(at)))),
  ],
});

const theme = EditorView.theme({
  '&': { height: '100%', backgroundColor: 'var(--surface)', color: 'var(--text)', fontSize: '14px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.6', overflow: 'auto' },
  '.cm-content': { padding: '12px 0', caretColor: 'var(--ember)' },
  '.cm-line': { padding: '0 16px 0 8px' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--ember)', borderLeftWidth: '2px' },
  '.cm-gutters': { backgroundColor: 'var(--surface)', color: 'var(--muted)', border: 'none' },
  '.cm-lineNumbers .cm-gutterElement': { padding: '0 8px 0 16px', minWidth: '44px' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine, &.cm-focused .cm-activeLineGutter': { backgroundColor: 'var(--code-active)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'var(--code-selection)' },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'transparent', outline: '1px solid var(--line-strong)', borderRadius: '2px' },
  '&.cm-focused .cm-nonmatchingBracket': { backgroundColor: 'transparent', outline: '1px solid var(--cinnabar)', borderRadius: '2px' },
  '.cm-line.cm-errorLine, &.cm-focused .cm-line.cm-errorLine': { backgroundColor: 'var(--cinnabar-soft)' },
  '.cm-gutterElement.cm-errorLine': { backgroundColor: 'var(--cinnabar-soft)', color: 'var(--cinnabar)', fontWeight: '700' },
});

export interface EditorOptions {
  parent: HTMLElement;
  code: string;
  label: string;
  /** The id of the element that says how to leave with the keyboard. */
  describedBy: string;
  /** `typed` is false where `replace` made the change. */
  onChange: (code: string, typed: boolean) => void;
}

export class Editor {
  readonly #view: EditorView;
  readonly #attributes = new Compartment();
  readonly #describedBy: string;

  constructor({ parent, code, label, describedBy, onChange }: EditorOptions) {
    this.#describedBy = describedBy;
    const changes = EditorView.updateListener.of((update) => {
      if (!update.docChanged) return;
      const replaced = update.transactions.some((transaction) => transaction.isUserEvent('replace'));
      onChange(update.state.doc.toString(), !replaced);
    });
    this.#view = new EditorView({
      parent,
      state: EditorState.create({
        doc: code,
        extensions: [
          lineNumbers(), highlightActiveLineGutter(), highlightActiveLine(), history(), drawSelection(),
          EditorState.tabSize.of(4), indentUnit.of('    '), indentOnInput(), bracketMatching(), closeBrackets(),
          python(), syntaxHighlighting(classHighlighter), errorLine, theme, changes,
          this.#attributes.of(this.#contentAttributes(label)),
          keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, indentWithTab]),
        ],
      }),
    });
  }

  #contentAttributes(label: string) {
    return EditorView.contentAttributes.of({
      'aria-label': label, 'aria-describedby': this.#describedBy, tabindex: '0', spellcheck: 'false', autocapitalize: 'off', autocorrect: 'off',
    });
  }

  set label(label: string) {
    this.#view.dispatch({ effects: this.#attributes.reconfigure(this.#contentAttributes(label)) });
  }

  /** Replaces the whole text as one step that Undo takes back. */
  replace(code: string): void {
    const { doc } = this.#view.state;
    this.#view.dispatch({
      changes: { from: 0, to: doc.length, insert: code },
      annotations: [Transaction.userEvent.of('replace'), Transaction.addToHistory.of(true)],
    });
  }

  markErrorLine(line: number | null): void {
    this.#view.dispatch({ effects: setErrorLine.of(line) });
  }

  goToLine(line: number): void {
    const { doc } = this.#view.state;
    const { from } = doc.line(Math.min(Math.max(line, 1), doc.lines));
    this.#view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) });
    this.#view.focus();
  }

  focus(): void {
    this.#view.focus();
  }

  destroy(): void {
    this.#view.destroy();
  }
}
