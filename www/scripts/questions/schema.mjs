// What question.toml must say. Every problem is a sentence that names the field.
export const TOPICS = ['source', 'basics', 'strategy', 'diagnosis', 'cnn', 'fine-tuning', 'compute', 'large-models'];
export const LEVELS = ['E', 'M', 'H'];
/** Calculators that the page has; www/src/question/calculators holds one file for each. */
export const CALCULATORS = ['kv-cache', 'training-memory', 'training-flops', 'parallel-cards'];

const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const isTable = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value) => typeof value === 'string' && value.trim() !== '';
const isPairs = (value) =>
  Array.isArray(value) && value.length > 0 && value.every((pair) => Array.isArray(pair) && pair.length === 2 && pair.every(isText) && pair[0] !== pair[1]);
// What is put into Python source must not end a string or a comment.
const SAYABLE = /^[^"'\\\n{}]+$/;

/** The problems of a parsed question.toml that stands in folder `folder`; `exercises` are the known ids. */
export function validateManifest(manifest, folder, exercises) {
  const problems = [];
  const expect = (ok, field, what, got) => {
    if (!ok) problems.push(`${field}: expected ${what}, got ${got === undefined ? 'nothing' : JSON.stringify(got)}`);
    return ok;
  };
  const known = (table, fields, prefix) => {
    for (const field of Object.keys(table)) {
      if (!fields.includes(field)) problems.push(`${prefix}${field}: unknown field (known: ${fields.join(', ')})`);
    }
  };
  const bilingual = (table, prefix, ok = isText, what = 'a sentence') => {
    if (!expect(isTable(table), prefix, 'a table with zh and en', table)) return;
    known(table, ['zh', 'en'], `${prefix}.`);
    for (const language of ['zh', 'en']) expect(ok(table[language]), `${prefix}.${language}`, what, table[language]);
  };

  known(manifest, ['id', 'topic', 'level', 'order', 'title', 'exercises', 'prove', 'says'], '');
  expect(manifest.id === folder && KEBAB.test(folder), 'id', `the folder's name "${folder}" in kebab-case`, manifest.id);
  expect(TOPICS.includes(manifest.topic), 'topic', `one of ${TOPICS.join(', ')}`, manifest.topic);
  expect(LEVELS.includes(manifest.level), 'level', `one of ${LEVELS.join(', ')}`, manifest.level);
  expect(Number.isInteger(manifest.order), 'order', 'a whole number', manifest.order);
  bilingual(manifest.title, 'title');

  const linked = manifest.exercises ?? [];
  if (expect(Array.isArray(linked), 'exercises', 'a list of exercise ids', linked)) {
    for (const id of linked) expect(exercises.has(id), 'exercises', 'the id of an exercise of the catalogue', id);
  }
  if (manifest.prove !== undefined) {
    const prove = manifest.prove;
    if (expect(isTable(prove), 'prove', 'a table with python or calculator', prove)) {
      known(prove, ['python', 'calculator', 'breaks'], 'prove.');
      expect(prove.python === true || prove.calculator !== undefined, 'prove', 'python = true or a calculator', prove);
      if (prove.python !== undefined) expect(prove.python === true, 'prove.python', 'true, or no such line', prove.python);
      if (prove.python === true) expect(isPairs(prove.breaks), 'prove.breaks', 'at least one pair ["code that stands there", "a mistake in its place"]', prove.breaks);
      if (prove.calculator !== undefined) {
        expect(CALCULATORS.includes(prove.calculator), 'prove.calculator', `one of ${CALCULATORS.join(', ')}`, prove.calculator);
      }
    }
  }
  for (const [name, said] of Object.entries(isTable(manifest.says) ? manifest.says : {})) {
    bilingual(said, `says.${name}`, (text) => isText(text) && SAYABLE.test(text), 'a sentence without quotes, braces and backslashes');
  }
  return problems;
}
