// Formulas in Markdown: `$…$` inside a line, `$$…$$` on lines of their own, set by KaTeX at build time.
import katex from 'katex';

/** One formula as HTML with MathML beside it for screen readers. Throws with the formula when KaTeX refuses it. */
export function renderFormula(source, displayMode) {
  try {
    return katex.renderToString(source, { displayMode, output: 'htmlAndMathml', strict: 'error', trust: false, throwOnError: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`formula $${source}$: ${reason}`);
  }
}

// What may not begin a line. A browser breaks between a formula and the comma after it unless both stand in one box.
const CLOSING = /^[,.;:!?)，。；：！？、）】》”’]+/;

/** A formula inside text with the punctuation that clings to it. A long formula keeps its own places to break. */
function clinging(html, tail) {
  if (tail === '') return html;
  const oneBox = html.split('class="base"').length === 2;
  return oneBox ? `<span class="nowrap">${html}${tail}</span>` : html + tail;
}

/** The index of the `$` that closes a formula opened just before `from`, or -1. */
function closingDollar(text, from, limit) {
  for (let at = text.indexOf('$', from); at !== -1 && at < limit; at = text.indexOf('$', at + 1)) {
    let backslashes = 0;
    while (text[at - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return at;
  }
  return -1;
}

/** `$x$`: no space just inside the dollars and no digit after the closing one, so that prices stay prices. */
function inlineFormula(state, silent) {
  const { src, pos, posMax } = state;
  if (src[pos] !== '$') return false;
  const double = src[pos + 1] === '$';
  const open = pos + (double ? 2 : 1);
  const close = closingDollar(src, open, posMax);
  if (close === -1 || close === open) return false;
  if (double && src[close + 1] !== '$') return false;
  if (!double && (/\s/.test(src[open]) || /\s/.test(src[close - 1]) || /\d/.test(src[close + 1] ?? ''))) return false;
  const end = close + (double ? 2 : 1);
  const tail = double ? '' : (CLOSING.exec(src.slice(end, posMax))?.[0] ?? '');
  if (!silent) {
    const token = state.push(double ? 'math_display' : 'math_inline', 'math', 0);
    token.content = src.slice(open, close).trim();
    token.meta = { tail };
  }
  state.pos = end + tail.length;
  return true;
}

/** `$$` opens a line, `$$` ends that line or a later one. */
function blockFormula(state, startLine, endLine, silent) {
  const start = state.bMarks[startLine] + state.tShift[startLine];
  if (!state.src.startsWith('$$', start)) return false;
  const lines = [];
  for (let line = startLine; line < endLine; line += 1) {
    const from = line === startLine ? start + 2 : Math.min(state.bMarks[line] + state.tShift[line], state.eMarks[line]);
    const text = state.src.slice(from, state.eMarks[line]).trimEnd();
    if (text.endsWith('$$')) {
      if (silent) return true;
      lines.push(text.slice(0, -2));
      const token = state.push('math_block', 'math', 0);
      token.block = true;
      token.content = lines.join('\n').trim();
      token.map = [startLine, line + 1];
      state.line = line + 1;
      return true;
    }
    lines.push(text);
  }
  return false;
}

/** A markdown-it plugin. */
export function formulas(markdown) {
  markdown.inline.ruler.after('escape', 'math_inline', inlineFormula);
  markdown.block.ruler.after('blockquote', 'math_block', blockFormula, { alt: ['paragraph', 'reference', 'blockquote', 'list'] });
  markdown.renderer.rules.math_inline = (tokens, index) =>
    clinging(renderFormula(tokens[index].content, false), tokens[index].meta.tail);
  markdown.renderer.rules.math_display = (tokens, index) =>
    `<span class="formula">${renderFormula(tokens[index].content, true)}</span>`;
  markdown.renderer.rules.math_block = (tokens, index) =>
    `<div class="formula">${renderFormula(tokens[index].content, true)}</div>\n`;
}
