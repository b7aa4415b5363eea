import { expect, test } from 'vitest';
import { FileProblem, eraseStorage, makeFile, mergeStorage, parseFile, type ProgressFile } from './progress-file.ts';

function memory(entries: Record<string, string> = {}): Storage {
  const map = new Map(Object.entries(entries));
  return {
    get length() { return map.size; },
    key: (index) => [...map.keys()][index] ?? null,
    getItem: (key) => map.get(key) ?? null,
    setItem: (key, value) => void map.set(key, value),
    removeItem: (key) => void map.delete(key),
    clear: () => map.clear(),
  };
}

const attempt = { exercise: 'conv', at: 5, code: 'x', status: 'passed' as const, passed: 2, total: 2, firstFailure: null, seed: 7, ms: 3, spent_ms: 60_000 };
const kept = { attempts: [{ key: 4, ...attempt }], solved: [{ exercise: 'conv', at: 5, best_ms: 60_000 }], stars: [{ exercise: 'adam', on: true, at: 9 }] };
const draft = (code: string, savedAt: number) => JSON.stringify({ code, savedAt });
const full = () => memory({
  'danlu.draft.v1.conv.tab1': draft('half', 3), 'danlu.hints.v1.conv': '2', 'danlu.scratch.v1.conv': '1 + 1',
  'danlu.clock.v1.conv': '{"ms":4000,"state":"counting"}', 'danlu.theme': 'dark',
});
const file = (): ProgressFile => parseFile(JSON.stringify(makeFile(kept, full(), 11)));

test('a file written and read again holds the same', () => {
  const { attempts, solved, stars, drafts, hints, scratch, clocks, saved_at } = file();
  expect([attempts, solved, stars, saved_at]).toEqual([[attempt], kept.solved, kept.stars, 11]);
  expect([drafts, hints, scratch, clocks]).toEqual([
    [{ exercise: 'conv', code: 'half', savedAt: 3 }], { conv: 2 }, { conv: '1 + 1' }, { conv: { ms: 4000, state: 'counting' } },
  ]);
});

function checkRefused(text: string, kind: string, where?: string): void {
  let problem: unknown;
  try { parseFile(text); } catch (error) { problem = error; }
  expect(problem).toBeInstanceOf(FileProblem);
  expect([(problem as FileProblem).kind, (problem as FileProblem).fields.where]).toEqual([kind, where]);
}

test('what is no file of ours, or of a later Danlu, or damaged, is refused by name', () => {
  const changed = (change: (file: any) => void) => { const value = JSON.parse(JSON.stringify(file())); change(value); return JSON.stringify(value); };
  checkRefused('{', 'not-json');
  checkRefused('[]', 'not-ours');
  checkRefused('{"format":"notes","version":1}', 'not-ours');
  checkRefused(changed((value) => { value.version = 2; }), 'newer');
  checkRefused(changed((value) => { value.attempts = {}; }), 'damaged', 'attempts');
  checkRefused(changed((value) => { value.attempts[0].at = 'now'; }), 'damaged', 'attempts[0]');
  checkRefused(changed((value) => { value.solved[0].exercise = '../etc'; }), 'damaged', 'solved[0]');
  checkRefused(changed((value) => { value.scratch.conv = 3; }), 'damaged', 'scratch.conv');
});

test('merging adds drafts beside those that are here and keeps the further of two states', () => {
  const storage = memory({
    'danlu.draft.v1.conv.mine': draft('mine', 99), 'danlu.hints.v1.conv': '3', 'danlu.scratch.v1.conv': 'y = 2', 'danlu.clock.v1.conv': '{"ms":9,"state":"done"}',
  });
  expect(mergeStorage(file(), storage)).toBe(1);
  expect(storage.getItem('danlu.draft.v1.conv.mine')).toBe(draft('mine', 99));
  expect(storage.getItem('danlu.draft.v1.conv.file-3-0')).toBe(draft('half', 3));
  expect([storage.getItem('danlu.hints.v1.conv'), storage.getItem('danlu.scratch.v1.conv')]).toEqual(['3', 'y = 2\n\n1 + 1']);
  expect(storage.getItem('danlu.clock.v1.conv')).toBe('{"ms":9,"state":"done"}');
});

test('merging the same file twice changes nothing more', () => {
  const storage = memory();
  mergeStorage(file(), storage);
  const once = JSON.stringify(makeFile(kept, storage, 0));
  expect(mergeStorage(file(), storage)).toBe(0);
  expect(JSON.stringify(makeFile(kept, storage, 0))).toBe(once);
});

test('erasing leaves what is no work of the reader', () => {
  const storage = full();
  eraseStorage(storage);
  expect(Array.from({ length: storage.length }, (_, index) => storage.key(index))).toEqual(['danlu.theme']);
});
