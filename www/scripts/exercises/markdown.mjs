// Turns an exercise's Markdown into HTML that is safe to put into the page as it is: raw HTML in the source stays text,
// KaTeX trusts nothing, links open elsewhere and nothing is loaded from another host.
import MarkdownIt from 'markdown-it';
import { pythonLanguage } from '@codemirror/lang-python';
import { classHighlighter, highlightCode } from '@lezer/highlight';
import { formulas } from './math.mjs';

export function escapeHtml(text) {
  return text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign]);
}

/** Python source as HTML with the same `tok-…` classes that the editor uses. */
export function highlightPython(source) {
  let html = '';
  highlightCode(
    source,
    pythonLanguage.parser.parse(source),
    classHighlighter,
    (text, classes) => { html += classes ? `<span class="${classes}">${escapeHtml(text)}</span>` : escapeHtml(text); },
    () => { html += '\n'; },
  );
  return html;
}

function codeBlock(source, language) {
  const trimmed = source.replace(/\n$/, '');
  const inner = language === 'python' || language === 'py' ? highlightPython(trimmed) : escapeHtml(trimmed);
  return `<pre class="code"><code>${inner}</code></pre>\n`;
}

function build() {
  const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false });
  markdown.use(formulas);
  const { rules } = markdown.renderer;
  rules.fence = (tokens, index) => codeBlock(tokens[index].content, tokens[index].info.trim().split(/\s+/)[0]);
  rules.code_block = (tokens, index) => codeBlock(tokens[index].content, '');
  rules.table_open = () => '<div class="table"><table>\n';
  rules.table_close = () => '</table></div>\n';
  // The page's own headings are h1 and h2, so an author's start at h3.
  rules.heading_open = (tokens, index) => `<h${headingLevel(tokens[index])}>`;
  rules.heading_close = (tokens, index) => `</h${headingLevel(tokens[index])}>\n`;
  rules.link_open = (tokens, index, options, env, renderer) => {
    const token = tokens[index];
    if (/^https?:/.test(token.attrGet('href') ?? '')) {
      token.attrSet('target', '_blank');
      token.attrSet('rel', 'noopener noreferrer');
    }
    return renderer.renderToken(tokens, index, options);
  };
  rules.image = (tokens, index) => { throw new Error(`image ${tokens[index].attrGet('src')}: exercises carry no images`); };
  return markdown;
}

function headingLevel(token) {
  return Math.max(3, Number(token.tag.slice(1)));
}

const markdown = build();

export function renderMarkdown(source) {
  return markdown.render(source).trim();
}
