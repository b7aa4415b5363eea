// What exercise.toml must say. Every problem is a sentence that names the field.
export const TOPICS = ['tensors', 'losses', 'backprop', 'strategy', 'cnn', 'fine-tuning', 'compute', 'large-models', 'clinic'];
export const DIFFICULTIES = ['E', 'M', 'H'];
export const WRONG_ANSWERS_MIN = 5;
/** What is hidden from whoever writes an exercise in torch: what would write it for them. */
export const HIDDEN_IN_TORCH = ['torch.nn', 'torch.optim', 'torch.autograd', 'torch.Tensor.backward'];
/** What an exercise may import besides numpy. */
export const PACKAGES = ['torch', 'keras', 'tensorflow', 'matplotlib'];
/** A check's time where exercise.toml states none, and the most that it may state. */
export const SECONDS = 10;
export const SECONDS_MAX = 120;

/** Causes that a case of the clinic offers, and curves that the page has a name for. */
export const CAUSES_MIN = 4;
export const MEASURES = ['loss', 'training', 'validation', 'fresh'];

const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
const DOTTED = /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$/;

const isTable = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value) => typeof value === 'string' && value.trim() !== '';

/** The problems of a parsed exercise.toml that stands in folder `folder`. */
export function validateManifest(manifest, folder) {
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
  const bilingual = (table, prefix) => {
    for (const language of ['zh', 'en']) expect(isText(table[language]), `${prefix}${language}`, 'a sentence', table[language]);
  };

  known(manifest, ['id', 'topic', 'difficulty', 'order', 'title', 'entry', 'forbid', 'packages', 'seconds', 'words', 'lab', 'clinic', 'checks', 'wrong', 'torch'], '');
  expect(manifest.id === folder && KEBAB.test(folder), 'id', `the folder's name "${folder}" in kebab-case`, manifest.id);
  expect(TOPICS.includes(manifest.topic), 'topic', `one of ${TOPICS.join(', ')}`, manifest.topic);
  expect(DIFFICULTIES.includes(manifest.difficulty), 'difficulty', `one of ${DIFFICULTIES.join(', ')}`, manifest.difficulty);
  if (manifest.order !== undefined) expect(Number.isInteger(manifest.order), 'order', 'a whole number', manifest.order);

  if (expect(isTable(manifest.title), 'title', 'a table with zh and en', manifest.title)) {
    known(manifest.title, ['zh', 'en'], 'title.');
    bilingual(manifest.title, 'title.');
  }
  const names = (value, pattern) => Array.isArray(value) && value.every((name) => typeof name === 'string' && pattern.test(name));
  expect(names(manifest.entry, IDENTIFIER) && manifest.entry.length > 0, 'entry', 'a list of the names the learner defines', manifest.entry);
  if (manifest.forbid !== undefined) expect(names(manifest.forbid, DOTTED), 'forbid', 'a list of dotted names', manifest.forbid);

  if (manifest.packages !== undefined) {
    const all = Array.isArray(manifest.packages) && manifest.packages.every((name) => PACKAGES.includes(name));
    expect(all, 'packages', `a list of ${PACKAGES.join(', ')}`, manifest.packages);
  }
  if (manifest.words !== undefined) {
    expect(Array.isArray(manifest.words) && manifest.words.every(isText), 'words', 'a list of other words to find it by', manifest.words);
  }
  if (manifest.lab !== undefined) expect(typeof manifest.lab === 'string' && KEBAB.test(manifest.lab), 'lab', "the name of a run of runs.toml", manifest.lab);
  if (manifest.seconds !== undefined) {
    const { seconds } = manifest;
    expect(Number.isInteger(seconds) && seconds > SECONDS && seconds <= SECONDS_MAX, 'seconds', `a whole number above ${SECONDS}, the usual limit, up to ${SECONDS_MAX}`, seconds);
  }

  const checks = isTable(manifest.checks) ? manifest.checks : {};
  expect(Object.keys(checks).length > 0, 'checks', 'at least one [checks.<name>]', manifest.checks);
  for (const [name, check] of Object.entries(checks)) {
    const field = `checks.${name}`;
    expect(KEBAB.test(name), field, 'a name in kebab-case', name);
    if (!expect(isTable(check), field, 'a table', check)) continue;
    known(check, ['visible', 'zh', 'en'], `${field}.`);
    expect(typeof check.visible === 'boolean', `${field}.visible`, 'true or false', check.visible);
    bilingual(check, `${field}.`);
  }
  const kinds = new Set(Object.values(checks).map((check) => check?.visible));
  if (Object.keys(checks).length > 0) {
    expect(kinds.has(true), 'checks', 'at least one visible check', [...kinds]);
    expect(kinds.has(false), 'checks', 'at least one hidden check', [...kinds]);
  }

  const { clinic } = manifest;
  expect((clinic !== undefined) === (manifest.topic === 'clinic'), 'clinic', 'a table [clinic] exactly where the topic is "clinic"', clinic);
  if (clinic !== undefined && expect(isTable(clinic), 'clinic', 'a table', clinic)) {
    known(clinic, ['complaint', 'symptom', 'measures', 'causes'], 'clinic.');
    if (expect(isTable(clinic.complaint), 'clinic.complaint', 'a table with zh and en', clinic.complaint)) bilingual(clinic.complaint, 'clinic.complaint.');
    expect(checks[clinic.symptom]?.visible === true, 'clinic.symptom', 'the name of a visible check, which the broken run fails', clinic.symptom);
    const curves = Array.isArray(clinic.measures) && clinic.measures.length > 0 && clinic.measures.every((name) => MEASURES.includes(name));
    expect(curves, 'clinic.measures', `a list of ${MEASURES.join(', ')}`, clinic.measures);
    const causes = Array.isArray(clinic.causes) ? clinic.causes : [];
    expect(causes.length >= CAUSES_MIN, 'clinic.causes', `at least ${CAUSES_MIN} causes to choose from`, causes.length);
    expect(causes.filter((cause) => cause?.right === true).length === 1, 'clinic.causes', 'exactly one with right = true', causes.filter((cause) => cause?.right).length);
    causes.forEach((cause, index) => {
      const field = `clinic.causes[${index}]`;
      if (!expect(isTable(cause), field, 'a table', cause)) return;
      known(cause, ['right', 'says', 'why'], `${field}.`);
      for (const part of ['says', 'why']) {
        if (expect(isTable(cause[part]), `${field}.${part}`, 'a table with zh and en', cause[part])) bilingual(cause[part], `${field}.${part}.`);
      }
    });
  }

  const planted = (list, least, prefix) => {
    const wrong = Array.isArray(list) ? list : [];
    expect(wrong.length >= least, `${prefix}wrong`, `at least ${least} planted wrong answers`, wrong.length);
    wrong.forEach((answer, index) => {
      const field = `${prefix}wrong[${index}]`;
      if (!expect(isTable(answer), field, 'a table', answer)) return;
      known(answer, ['file', 'fails'], `${field}.`);
      expect(isText(answer.file), `${field}.file`, 'a file name', answer.file);
      expect(Object.hasOwn(checks, answer.fails ?? ''), `${field}.fails`, 'the name of a check', answer.fails);
    });
  };
  planted(manifest.wrong, WRONG_ANSWERS_MIN, '');
  if (manifest.torch !== undefined && expect(isTable(manifest.torch), 'torch', 'a table', manifest.torch)) {
    known(manifest.torch, ['forbid', 'wrong'], 'torch.');
    expect(names(manifest.torch.forbid ?? [], DOTTED), 'torch.forbid', 'a list of dotted names', manifest.torch.forbid);
    planted(manifest.torch.wrong, 1, 'torch.');
  }
  return problems;
}

/** The problems between checks.py and the manifest: both must know the same checks. */
export function validateCheckNames(manifest, checksSource) {
  const written = new Set([...checksSource.matchAll(/^@check\(\s*(["'])(.*?)\1/gm)].map((match) => match[2]));
  const declared = new Set(Object.keys(isTable(manifest.checks) ? manifest.checks : {}));
  return [
    ...[...declared].filter((name) => !written.has(name)).map((name) => `no @check("${name}") for [checks.${name}] of exercise.toml`),
    ...[...written].filter((name) => !declared.has(name)).map((name) => `@check("${name}") has no [checks.${name}] in exercise.toml`),
  ];
}
