/** The reader's code as a file that runs on the real libraries, the listed checks in it as plain asserts. */
import type { CheckResult } from '../python/types.ts';
import asserts from './asserts.py?raw';
import tensors from './asserts_torch.py?raw';

export interface Parts {
  id: string;
  title: string;
  code: string;
  given?: string;
  /** What to install besides numpy. */
  packages: string[];
  /** Whether arrays reach the code as PyTorch's tensors. */
  tensors?: boolean;
  /** Each listed check that can be said in plain Python, with its sentence. */
  checks: { sentence: string; lines: string[]; imports: string[] }[];
  /** The sentences of those that only the page can check. */
  others: string[];
  words: { head: string; given: string; code: string; checks: string; others: string; passed: string };
}

/** The checks' own part of Parts, from the results of a recorded run of the solution. */
export function checksFrom(results: CheckResult[], sentenceOf: (name: string) => string): Pick<Parts, 'checks' | 'others'> {
  const checks: Parts['checks'] = [];
  const others: string[] = [];
  for (const { name, transcript } of results) {
    if (transcript) checks.push({ sentence: sentenceOf(name), ...transcript });
    else others.push(sentenceOf(name));
  }
  return { checks, others };
}

const quoted = (text: string) => `'''\\\n${text.replaceAll('\\', '\\\\').replaceAll("'''", "\\'\\'\\'")}'''`;
const comment = (text: string) => text.split('\n').map((line) => `# ${line}`.trimEnd()).join('\n');
const ending = (text: string) => `${text.trimEnd()}\n`;

function head({ title, packages, words }: Parts): string {
  return `${title}\n${words.head}\npip install ${['numpy', ...packages].join(' ')}`;
}

function importsOf({ checks }: Parts): string {
  const modules = [...new Set(checks.flatMap(({ imports }) => imports))].sort();
  return modules.map((module) => `import ${module}\n`).join('');
}

function checkFunction({ sentence, lines }: Parts['checks'][number], index: number): string {
  return `def check_${index + 1}():\n    ${comment(sentence)}\n${lines.map((line) => `    ${line}\n`).join('')}`;
}

/** Nothing where there is no check: what nobody looked at hasn't passed. */
function runAll({ checks, words }: Parts): string {
  if (checks.length === 0) return '';
  const names = checks.map((_, index) => `check_${index + 1}`);
  return `for check in [${names.join(', ')}]:\n    check()\n    print(check.__name__, "ok")\nprint(${JSON.stringify(words.passed)})\n`;
}

const othersAsComment = ({ others, words }: Parts) => (others.length === 0 ? '' : `${comment([words.others, ...others.map((each) => `- ${each}`)].join('\n'))}\n\n`);

/** What the checks stand on; without a check it would only be in the way. */
function toolsOf(parts: Parts): string {
  const imports = importsOf(parts);
  return parts.checks.length === 0 ? '' : `${asserts}${parts.tensors ? `\n\n${tensors}` : ''}${imports && `\n${imports}`}`;
}

export function asScript(parts: Parts): string {
  const { given, code, checks, words } = parts;
  const pieces = [`${comment(head(parts))}\n`];
  if (given !== undefined) {
    pieces.push(
      `${comment(words.given)}\nimport sys\nimport types\n\ngiven = types.ModuleType("given")\nsys.modules["given"] = given\nexec(${quoted(ending(given))}, given.__dict__)\n`,
    );
  }
  pieces.push(`${comment(words.code)}\n${ending(code)}`);
  pieces.push(`${comment(words.checks)}\n${othersAsComment(parts)}${toolsOf(parts)}`);
  pieces.push(...checks.map(checkFunction), runAll(parts));
  return ending(pieces.join('\n\n'));
}

/** nbformat 4.5; cells are named by their place, so that the same parts give the same file. */
export function asNotebook(parts: Parts): string {
  const { given, code, checks, words } = parts;
  const cells: object[] = [];
  const add = (kind: 'markdown' | 'code', text: string) => {
    const source = text.trimEnd().split(/(?<=\n)/);
    const shared = { cell_type: kind, id: `cell-${cells.length + 1}`, metadata: {}, source };
    cells.push(kind === 'code' ? { ...shared, execution_count: null, outputs: [] } : shared);
  };
  const [first, ...rest] = head(parts).split('\n');
  add('markdown', `# ${first}\n\n${rest.slice(0, -1).join('\n')}\n\n\`${rest.at(-1)}\``);
  if (given !== undefined) add('code', `%%writefile given.py\n${given}`);
  add('code', code);
  add('markdown', words.checks);
  add('code', `${othersAsComment(parts)}${toolsOf(parts)}`);
  checks.forEach((check, index) => add('code', `${checkFunction(check, index)}\n\ncheck_${index + 1}()`));
  const metadata = { kernelspec: { display_name: 'Python 3', language: 'python', name: 'python3' }, language_info: { name: 'python' } };
  return `${JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }, null, 1)}\n`;
}

/** Hands a file to the browser's downloads. */
export function save(name: string, text: string, type: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // Some browsers read the address after the click has returned.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
