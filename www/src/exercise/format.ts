/** What www/scripts/exercises.mjs writes into build/exercises, and how the page fetches it. */
import type { Language } from '../i18n/catalogue.ts';
import type { ExerciseChecks, Flavour } from '../python/types.ts';

export type Bilingual = Record<Language, string>;
export const TOPICS = [
  'tensors', 'losses', 'backprop', 'strategy', 'cnn', 'fine-tuning', 'compute', 'large-models', 'clinic',
] as const;
export type Topic = (typeof TOPICS)[number];
export const DIFFICULTIES = ['E', 'M', 'H'] as const;
export type Difficulty = (typeof DIFFICULTIES)[number];

/** Packages that an exercise may use besides numpy. */
export type Package = 'torch' | 'keras' | 'tensorflow' | 'matplotlib';

export type SectionName =
  | 'why' | 'task' | 'example' | 'hint-1' | 'hint-2' | 'hint-3'
  | 'solution' | 'complexity' | 'pitfalls' | 'follow-ups' | 'sources';

/** A curve that the clinic's monitor draws. */
export type Measure = 'loss' | 'training' | 'validation' | 'fresh';

/** What makes an exercise a case of the clinic: a training that goes wrong, and what might be the cause. */
export interface Clinic {
  /** What the patient says. */
  complaint: Bilingual;
  /** The check that the broken run fails. */
  symptom: string;
  measures: Measure[];
  /** HTML. */
  causes: { right: boolean; says: Bilingual; why: Bilingual }[];
}

export interface ExerciseSummary {
  id: string;
  topic: Topic;
  difficulty: Difficulty;
  title: Bilingual;
  /** Packages besides numpy, as `torch`. */
  packages?: Package[];
  /** Of a case of the clinic. */
  complaint?: Bilingual;
  /** What it can be written in, where that is more than one. */
  flavours?: Flavour[];
  search: { words: string; pinyin: string };
}

/** A way through some of the exercises. */
export interface Path {
  id: string;
  title: Bilingual;
  lead: Bilingual;
  exercises: string[];
}

export interface Index {
  exercises: ExerciseSummary[];
  paths: Path[];
}

/** A run of the lab that shows what an exercise is about; see www/exercises/runs.toml and lab/exercise-run.ts. */
export interface LabRun {
  says: Bilingual;
  model?: string;
  layers?: Record<string, unknown>[];
  /** Another room of the lab than that of runs: no run goes with it, but what it shall open and be set to. */
  room?: string;
  section?: string;
  settings?: Record<string, string | number>;
  strategy?: Record<string, unknown>;
  limit?: number;
}

/** The same as a link. */
export interface LabLink {
  href: string;
  says: Bilingual;
  /** A room, and not a run. */
  room: boolean;
}

export interface Exercise extends Omit<ExerciseSummary, 'search' | 'packages' | 'complaint' | 'flavours'>, ExerciseChecks {
  packages?: Package[];
  clinic?: Clinic;
  lab?: LabRun;
  /** Each check with the sentence that says what it tests. */
  checkList: { name: string; visible: boolean; sentence: Bilingual }[];
  stub: string;
  solution: string;
  /** What differs where it is written in PyTorch; absent where only one way makes sense. */
  torch?: Pick<Exercise, 'stub' | 'solution' | 'forbid'> & { packages: Package[] };
  /** HTML, sanitised when it was built. */
  sections: Record<Language, Record<SectionName, string>>;
}

/** The exercise as it is written in this flavour; as it is where it has only one. */
export function inFlavour(exercise: Exercise, flavour: Flavour): Exercise {
  return flavour === 'torch' && exercise.torch ? { ...exercise, ...exercise.torch, flavour } : exercise;
}

/** What the judge needs of an exercise, and nothing else. */
export function checksOf({ id, checks, entry, forbid, given, packages, seconds, flavour }: Exercise): ExerciseChecks {
  return {
    id, checks, entry, forbid,
    ...(given === undefined ? {} : { given }),
    ...(packages ? { packages } : {}),
    ...(flavour ? { flavour } : {}),
    ...(seconds === undefined ? {} : { seconds }),
  };
}

const fetched = new Map<string, Promise<unknown>>();

function fetchJson<T>(name: string): Promise<T> {
  let promise = fetched.get(name) as Promise<T> | undefined;
  if (!promise) {
    promise = fetch(new URL(`exercises/${name}.json`, document.baseURI)).then((response) => {
      if (!response.ok) throw new Error(`exercises/${name}.json: ${response.status}`);
      return response.json() as Promise<T>;
    });
    fetched.set(name, promise);
    // A failure is forgotten, so that trying again asks again.
    promise.catch(() => fetched.delete(name));
  }
  return promise;
}

export function loadIndex(): Promise<Index> {
  return fetchJson<Index>('index');
}

/** Null when the index lists no exercise of that name. */
export async function loadExercise(id: string): Promise<Exercise | null> {
  const known = (await loadIndex()).exercises.some((exercise) => exercise.id === id);
  return known ? fetchJson<Exercise>(id) : null;
}
