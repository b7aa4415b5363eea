/** The report of a mock interview as Markdown; the page shows the same. */
import { clockText } from '../../exercise/clock.ts';
import { WEIGHTS, type Mock, type Outcome } from './mock.ts';

export interface ReportPart {
  /** `Coding`, `Question 1` … */
  label: string;
  title: string;
  /** The address of its page. */
  href: string;
  /** Sentences that say what became of it. */
  facts: string[];
  /** What to read next. */
  next: { title: string; href: string }[];
  note: string;
}

export interface ReportWords {
  title: string;
  /** Level, seed, day. */
  head: string[];
  score: string;
  columns: { part: string; score: string; time: string };
  pauses: string[];
  next: string;
  notes: string;
}

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

export function asMarkdown(mock: Mock, { parts: standings }: Outcome, parts: ReportPart[], words: ReportWords): string {
  const { columns } = words;
  const rows = parts.map(({ label, title, href }, index) => {
    const { score, spent_ms } = standings[index]!;
    return `| ${cell(label)} | [${cell(title)}](${href}) | ${score} / 100 (${WEIGHTS[mock.parts[index]!.kind]} %) | ${clockText(spent_ms)} |`;
  });
  const details = parts.flatMap(({ label, title, facts, note }) => [
    `## ${label}: ${title}`, '', ...facts.map((fact) => `- ${fact}`), '',
    ...(note.trim() === '' ? [] : [`${words.notes}`, '', ...note.trim().split('\n').map((line) => `> ${line}`), '']),
  ]);
  const next = new Map(parts.flatMap((part) => part.next).map((each) => [each.href, each]));
  return [
    `# ${words.title}`, '', ...words.head.map((line) => `- ${line}`), '', `**${words.score}**`, '',
    `| ${columns.part} | | ${columns.score} | ${columns.time} |`, '|---|---|---|---|', ...rows, '',
    ...(words.pauses.length > 0 ? [...words.pauses.map((line) => `- ${line}`), ''] : []),
    ...details,
    ...(next.size > 0 ? [`## ${words.next}`, '', ...[...next.values()].map(({ title, href }) => `- [${title}](${href})`), ''] : []),
  ].join('\n');
}
