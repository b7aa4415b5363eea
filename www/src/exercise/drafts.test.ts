import { expect, test } from 'vitest';
import { Drafts, tabName, usableStorage } from './drafts.ts';

function memoryStorage(capacity = Infinity): Storage {
  const map = new Map<string, string>();
  return {
    get length() { return map.size; },
    key: (index) => [...map.keys()][index] ?? null,
    getItem: (key) => map.get(key) ?? null,
    setItem: (key, value) => {
      if (value.length > capacity) throw new DOMException('full', 'QuotaExceededError');
      map.set(key, value);
    },
    removeItem: (key) => void map.delete(key),
    clear: () => map.clear(),
  };
}

test('a draft comes back to the tab that wrote it', () => {
  const storage = memoryStorage();
  new Drafts(storage, 'a').save('conv', 'x = 1', 10);
  expect(new Drafts(storage, 'a').restore('conv')).toEqual({ code: 'x = 1', savedAt: 10, slot: 'a', own: true });
});

test('two tabs on one exercise keep both drafts', () => {
  const storage = memoryStorage();
  const [a, b] = [new Drafts(storage, 'a'), new Drafts(storage, 'b')];
  a.save('conv', 'from a', 10);
  b.save('conv', 'from b', 20);
  expect(a.restore('conv')?.code).toBe('from a');
  expect(b.restore('conv')?.code).toBe('from b');
});

test('a new tab goes on with the newest draft', () => {
  const storage = memoryStorage();
  new Drafts(storage, 'a').save('conv', 'old', 10);
  new Drafts(storage, 'b').save('conv', 'new', 20);
  expect(new Drafts(storage, 'c').restore('conv')).toMatchObject({ code: 'new', own: false });
});

test('a newer draft of another tab is found only when it says something else', () => {
  const storage = memoryStorage();
  const mine = new Drafts(storage, 'a');
  new Drafts(storage, 'b').save('conv', 'theirs', 20);
  expect(mine.newerElsewhere('conv', 'mine', 10)?.code).toBe('theirs');
  expect(mine.newerElsewhere('conv', 'theirs', 10)).toBeNull();
  expect(mine.newerElsewhere('conv', 'mine', 30)).toBeNull();
});

test('pruning keeps the own slot and the newest different drafts', () => {
  const storage = memoryStorage();
  const mine = new Drafts(storage, 'own');
  mine.save('conv', 'mine', 1);
  for (let n = 0; n < 9; n += 1) new Drafts(storage, `t${n}`).save('conv', n < 2 ? 'twin' : `code ${n}`, 10 + n);
  mine.prune('conv');
  expect(mine.list('conv').map((draft) => draft.slot)).toEqual(['t8', 't7', 't6', 't5', 't4', 'own']);
});

test('an exercise whose name begins with another keeps its own drafts', () => {
  const drafts = new Drafts(memoryStorage(), 'a');
  drafts.save('conv2d-naive', 'long', 10);
  expect(drafts.restore('conv2d')).toBeNull();
});

test('a full store answers no instead of throwing', () => {
  expect(new Drafts(memoryStorage(5), 'a').save('conv', 'x'.repeat(100), 1)).toBe(false);
});

test('a forbidden store answers no instead of throwing', () => {
  const storage = usableStorage(() => { throw new DOMException('no', 'SecurityError'); });
  const drafts = new Drafts(storage, 'a');
  expect(drafts.save('conv', 'x', 1)).toBe(false);
  expect(drafts.restore('conv')).toBeNull();
});

test('a damaged draft is skipped', () => {
  const storage = memoryStorage();
  storage.setItem('danlu.draft.v1.conv.b', '{"code": 3');
  expect(new Drafts(storage, 'a').restore('conv')).toBeNull();
});

test('a reload keeps the name of the tab, a duplicate of a living tab gets another', () => {
  const session = memoryStorage();
  const page = new EventTarget();
  let count = 0;
  const make = () => `tab${(count += 1)}`;
  expect(tabName(session, page, make)).toBe('tab1');
  expect(tabName(session, new EventTarget(), make)).toBe('tab2');
  page.dispatchEvent(new Event('pagehide'));
  expect(tabName(session, new EventTarget(), make)).toBe('tab1');
});
