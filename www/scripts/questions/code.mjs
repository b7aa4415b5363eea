// The code of a "prove it": one prove.py whose comments and printed words stand in question.toml, in both languages.
const SLOT = /\{\{\s*([a-z0-9-]+)\s*\}\}/g;

/**
 * `{ code: {zh, en}, problems }`: each `{{name}}` of the source becomes `says.<name>` in that language. `breaks` are
 * mistakes to plant, `[what stands there, what to put in its place]`: tests hold the assertions to noticing each.
 */
export function fillCode(source, says = {}, breaks = []) {
  const used = new Set([...source.matchAll(SLOT)].map((match) => match[1]));
  const problems = [
    ...[...used].filter((name) => !Object.hasOwn(says, name)).map((name) => `{{${name}}} has no [says.${name}] in question.toml`),
    ...Object.keys(says).filter((name) => !used.has(name)).map((name) => `[says.${name}] of question.toml stands nowhere in the code`),
  ];
  if (!/^\s*assert\b/m.test(source)) problems.push('no assert: what proves nothing can\'t fail');
  for (const [there] of breaks) if (!source.includes(there)) problems.push(`prove.breaks names ${JSON.stringify(there)}, which doesn't stand in the code`);
  const words = source.replace(SLOT, '');
  if (/\p{Script=Han}/u.test(words)) problems.push('Chinese words outside {{…}}: the English reader sees the same code');
  const fill = (language) => source.replace(SLOT, (whole, name) => says[name]?.[language] ?? whole);
  return { code: { zh: fill('zh'), en: fill('en') }, problems };
}
