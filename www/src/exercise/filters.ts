/** Which exercises the list shows. The choice stands in the page's address, so that a way back finds it. */
import { DIFFICULTIES, TOPICS, type Difficulty, type ExerciseSummary, type Path, type Topic } from './format.ts';
import { finds } from './search.ts';

export const STATES = ['todo', 'solved', 'starred'] as const;
export type State = (typeof STATES)[number];

export interface Filters {
  query: string;
  topic: Topic | '';
  difficulty: Difficulty | '';
  state: State | '';
  /** The id of a path. */
  path: string;
}

export interface Known {
  solved: { has(id: string): boolean };
  starred: { has(id: string): boolean };
}

const oneOf = <T extends string>(values: readonly T[], value: string | null): T | '' => values.find((each) => each === value) ?? '';

export function readFilters(query: URLSearchParams): Filters {
  return {
    query: query.get('q') ?? '',
    topic: oneOf(TOPICS, query.get('topic')),
    difficulty: oneOf(DIFFICULTIES, query.get('difficulty')),
    state: oneOf(STATES, query.get('state')),
    path: query.get('path') ?? '',
  };
}

export function writeFilters({ query, ...others }: Filters): URLSearchParams {
  return new URLSearchParams(Object.entries({ q: query, ...others }).filter(([, value]) => value !== ''));
}

/** The exercises of the chosen path in its order, or all in the order of learning. */
export function alongPath(exercises: ExerciseSummary[], path: Path | undefined): ExerciseSummary[] {
  if (!path) return exercises;
  const byId = new Map(exercises.map((exercise) => [exercise.id, exercise]));
  return path.exercises.flatMap((id) => byId.get(id) ?? []);
}

export function choose(exercises: ExerciseSummary[], filters: Filters, { solved, starred }: Known): ExerciseSummary[] {
  return exercises.filter((exercise) => {
    const { id, topic, difficulty } = exercise;
    if (filters.topic && topic !== filters.topic) return false;
    if (filters.difficulty && difficulty !== filters.difficulty) return false;
    if (filters.state === 'todo' && solved.has(id)) return false;
    if (filters.state === 'solved' && !solved.has(id)) return false;
    if (filters.state === 'starred' && !starred.has(id)) return false;
    return finds(filters.query, exercise);
  });
}
