/** What www/scripts/questions.mjs writes into build/questions, and how the page fetches it. */
import type { Language } from '../i18n/catalogue.ts';

export type Bilingual = Record<Language, string>;
export type Topic =
  | 'source' | 'basics' | 'strategy' | 'diagnosis' | 'cnn' | 'fine-tuning' | 'compute' | 'large-models';
export type Level = 'E' | 'M' | 'H';
export type SectionName = 'short' | 'long' | 'wrong' | 'follow-ups' | 'sources' | 'prove';

export interface QuestionSummary {
  id: string;
  topic: Topic;
  level: Level;
  title: Bilingual;
  /** Ids of exercises that belong to it. */
  exercises: string[];
  /** Whether it has a "prove it". */
  proves: boolean;
  /** What the list's search looks through. */
  search: { words: string; pinyin: string };
}

export interface Text {
  /** HTML, sanitised when it was built. */
  sections: Partial<Record<SectionName, string>> & Record<'short' | 'long', string>;
  /** What an interviewer listens for, one point each, as HTML. */
  points: string[];
}

export interface Question extends Omit<QuestionSummary, 'proves' | 'search'> {
  prove: { code: Bilingual | null; calculator: string | null } | null;
  texts: Record<Language, Text>;
}

const fetched = new Map<string, Promise<unknown>>();

function fetchJson<T>(name: string): Promise<T> {
  let promise = fetched.get(name) as Promise<T> | undefined;
  if (!promise) {
    promise = fetch(new URL(`questions/${name}.json`, document.baseURI)).then((response) => {
      if (!response.ok) throw new Error(`questions/${name}.json: ${response.status}`);
      return response.json() as Promise<T>;
    });
    fetched.set(name, promise);
    // A failure is forgotten, so that trying again asks again.
    promise.catch(() => fetched.delete(name));
  }
  return promise;
}

export async function loadIndex(): Promise<QuestionSummary[]> {
  return (await fetchJson<{ questions: QuestionSummary[] }>('index')).questions;
}

/** Null when the index lists no question of that name. */
export async function loadQuestion(id: string): Promise<Question | null> {
  const known = (await loadIndex()).some((question) => question.id === id);
  return known ? fetchJson<Question>(id) : null;
}
