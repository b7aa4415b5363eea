// What a model of the language room depends on, and how it stands in the address. The text does not: it is the page's, or
// the reader's own.
import { positionKinds, tokenisers, type Settings } from '../../../workers/language/protocol.ts';
import { queryOf as queryBy, settingsOf as settingsBy, type Refusal, type Table } from '../query.ts';

export const usual: Settings = { tokeniser: 'characters', vocabulary: 512, positions: 'learned', context: 64, width: 64, heads: 4, blocks: 2, batch_size: 16, learning_rate: 0.003, steps: 800, seed: 1 };

export const bounds = {
  vocabulary: [257, 4096],
  context: [8, 256],
  width: [8, 256],
  heads: [1, 16],
  blocks: [1, 8],
  batch_size: [1, 256],
  learning_rate: [1e-6, 1],
  steps: [1, 100000],
  seed: [0, 4294967295],
} as const satisfies Table<Settings>['bounds'];
const table: Table<Settings> = { usual, bounds, real: ['learning_rate'], words: { tokeniser: tokenisers, positions: positionKinds } };

/** What the room shows under headings of its own; a link may open one of them. */
export const sections = ['write', 'tokens', 'embedding', 'attention', 'positions', 'cache'] as const;
export type SectionId = (typeof sections)[number];

export interface Asked {
  settings: Settings;
  /** The section to open and to scroll to. */
  section: SectionId | undefined;
  refused: Refusal[];
}

export function queryOf(settings: Settings, section?: SectionId): URLSearchParams {
  const query = queryBy(table, settings);
  return section ? new URLSearchParams([['section', section], ...query]) : query;
}

export function askedBy(query: URLSearchParams): Asked {
  const rest = new URLSearchParams(query);
  rest.delete('section');
  const { settings, refused } = settingsBy(table, rest);
  const got = query.get('section');
  const section = sections.find((each) => each === got);
  if (got !== null && !section) refused.push({ name: 'section', got, expected: sections.join(', ') });
  return { settings, section, refused };
}
