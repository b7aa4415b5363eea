// The rules of the house as ordinary tests: npx vitest run --config tests/house/vitest.config.ts
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: import.meta.dirname,
  test: { include: ['*.test.ts'], environment: 'node', testTimeout: 60_000 },
});
