/** Which causes the reader has named for each case, in order; kept in this browser and in the progress file. */
type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export const KEY = 'danlu.diagnoses.v1';
const CHOICES_MAX = 20;

export type Diagnoses = Record<string, number[]>;

/** Null where it is not such a table. */
export function readDiagnoses(value: unknown): Diagnoses | null {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) return null;
  for (const [id, choices] of Object.entries(value)) {
    const valid = Array.isArray(choices) && choices.length <= CHOICES_MAX && choices.every((choice) => Number.isInteger(choice) && choice >= 0 && choice < CHOICES_MAX);
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id) || !valid) return null;
  }
  return value as Diagnoses;
}

export function loadDiagnoses(store: Store): Diagnoses {
  try {
    return readDiagnoses(JSON.parse(store.getItem(KEY) ?? 'null')) ?? {};
  } catch {
    return {};
  }
}

/** False where the browser keeps nothing. */
function save(store: Store, diagnoses: Diagnoses): boolean {
  try {
    store.setItem(KEY, JSON.stringify(diagnoses));
    return true;
  } catch {
    return false;
  }
}

/** Adds one choice; a cause named twice counts once. */
export function diagnose(store: Store, id: string, choice: number): number[] {
  const all = loadDiagnoses(store);
  const before = all[id] ?? [];
  const choices = before.includes(choice) ? before : [...before, choice];
  save(store, { ...all, [id]: choices });
  return choices;
}

/** Adds a file's diagnoses for cases that have none here. */
export function mergeDiagnoses(more: Diagnoses, store: Store): void {
  save(store, { ...more, ...loadDiagnoses(store) });
}

export function eraseDiagnoses(store: Store): void {
  store.removeItem(KEY);
}
