import { expect, test } from 'vitest';
import { DraftKeeper } from './draft-keeper.svelte.ts';
import type { Drafts, FoundDraft } from './drafts.ts';

/** Drafts whose answers are given; what was saved is kept in `saved`. */
function drafts(answers: { restore?: FoundDraft; elsewhere?: FoundDraft; full?: boolean } = {}) {
  const saved: string[] = [];
  const store = {
    save: (_exercise: string, code: string) => { if (!answers.full) saved.push(code); return !answers.full; },
    restore: () => answers.restore ?? null,
    newerElsewhere: () => answers.elsewhere ?? null,
    prune: () => undefined,
  } as unknown as Drafts;
  return { store, saved, answers };
}

const draft = (code: string, own = true): FoundDraft => ({ code, savedAt: 10, slot: 'a', own });
const now = () => 99;

test('without a draft the stub is opened and nothing is said', () => {
  const keeper = new DraftKeeper(drafts().store, 'conv', 'stub', now);
  expect([keeper.initial, keeper.notice, keeper.savedAt]).toEqual(['stub', null, null]);
});

test('a draft comes back with a notice of when it was saved', () => {
  const keeper = new DraftKeeper(drafts({ restore: draft('mine') }).store, 'conv', 'stub', now);
  expect([keeper.initial, keeper.notice]).toEqual(['mine', { kind: 'restored', at: 10 }]);
});

test('a draft that is still the stub needs no notice', () => {
  expect(new DraftKeeper(drafts({ restore: draft('stub') }).store, 'conv', 'stub', now).notice).toBeNull();
});

test('every change is saved at once and typing ends the notice', () => {
  const { store, saved } = drafts({ restore: draft('mine') });
  const keeper = new DraftKeeper(store, 'conv', 'stub', now);
  keeper.changed('m', true);
  keeper.changed('mi', true);
  expect([saved, keeper.notice, keeper.savedAt]).toEqual([['m', 'mi'], null, 99]);
});

test('another tab’s newer code is offered until it is the same', () => {
  const { store, answers } = drafts({ elsewhere: draft('theirs', false) });
  const keeper = new DraftKeeper(store, 'conv', 'stub', now);
  expect(keeper.notice?.kind).toBe('elsewhere');
  keeper.changed('typed', true);
  expect(keeper.notice?.kind).toBe('elsewhere');
  delete answers.elsewhere;
  keeper.lookElsewhere();
  expect(keeper.notice).toBeNull();
});

test('a full store is told', () => {
  const keeper = new DraftKeeper(drafts({ full: true }).store, 'conv', 'stub', now);
  keeper.changed('x', true);
  expect([keeper.failed, keeper.savedAt]).toEqual([true, null]);
});
