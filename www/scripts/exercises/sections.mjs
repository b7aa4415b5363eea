// Cuts zh.md and en.md into their sections, each opened by a line `<!-- section: name -->`.
export const SECTIONS = [
  'why', 'task', 'example', 'hint-1', 'hint-2', 'hint-3',
  'solution', 'complexity', 'pitfalls', 'follow-ups', 'sources',
];

const MARKER = /^<!--\s*section:\s*(.*?)\s*-->\s*$/;
const FENCE = /^\s*(```|~~~)/;

/** `{ sections: {name: source}, problems: [sentence] }`; a marker inside a code block is code. */
export function splitSections(source, names = SECTIONS) {
  const sections = {};
  const problems = [];
  let current = null;
  let fence = null;
  source.split(/\r?\n/).forEach((line, index) => {
    const fenced = FENCE.exec(line)?.[1];
    if (fenced && fence === null) fence = fenced;
    else if (fenced && fenced === fence) fence = null;
    const name = fence === null ? MARKER.exec(line)?.[1] : undefined;
    if (name === undefined) {
      if (current !== null) sections[current] += `${line}\n`;
      else if (line.trim() !== '') problems.push(`line ${index + 1}: text before the first section`);
      return;
    }
    if (!names.includes(name)) problems.push(`line ${index + 1}: unknown section "${name}" (known: ${names.join(', ')})`);
    if (Object.hasOwn(sections, name)) problems.push(`line ${index + 1}: section "${name}" stands twice`);
    sections[name] = '';
    current = name;
  });
  for (const name of names) {
    if (!Object.hasOwn(sections, name)) problems.push(`section "${name}" is missing`);
    else if (sections[name].trim() === '') problems.push(`section "${name}" is empty`);
  }
  return { sections, problems };
}
