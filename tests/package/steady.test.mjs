// A thousand steps grow nothing, in a session and on the tape; `node tests/package/steady.mjs` runs ten
// thousand.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sessionHolds, tapeHolds } from './steady.mjs';

const kinds = { session: (steps) => sessionHolds('simd', steps), tape: tapeHolds };
for (const [name, holds] of Object.entries(kinds)) {
  test(`a thousand steps of a ${name} leave the engine's memory and handles as they were`, async () => {
    const { before, after } = await holds(1000);
    assert.deepEqual(after, before);
    assert.ok(before.pages > 10, 'the pages are those of the engine');
    // The tape's data, rate and four parameters.
    if (name === 'tape') assert.deepEqual([before.arrays, before.tensors], [0, 6]);
  });
}
