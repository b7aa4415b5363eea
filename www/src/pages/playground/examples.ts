/** The programs of the menu: www/playground/<id>/<language>.py, the same code with comments in either language. */
import type { Language } from '../../i18n/index.svelte.ts';

const sources = import.meta.glob<string>('/playground/*/*.py', { query: '?raw', import: 'default', eager: true });

export const EXAMPLES = ['dense-forward-backward', 'conv-pool-dense', 'training-strategies', 'fine-tune', 'decision-boundary', 'activations', 'plots'] as const;
export type Example = (typeof EXAMPLES)[number];

export function exampleCode(id: Example, language: Language): string {
  const source = sources[`/playground/${id}/${language}.py`];
  if (source === undefined) throw new Error(`no example ${id} in ${language}`);
  return source;
}
