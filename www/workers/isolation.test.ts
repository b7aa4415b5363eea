import { expect, it } from 'vitest';
import { isolated } from './isolation.ts';

it('keeps the body, the status and the type, and says that the page is isolated', async () => {
  const response = isolated(new Response('{}', { status: 200, headers: { 'Content-Type': 'application/json', 'Cross-Origin-Opener-Policy': 'unsafe-none' } }));
  expect(await response.text()).toBe('{}');
  expect(response.status).toBe(200);
  expect(response.headers.get('Content-Type')).toBe('application/json');
  expect(response.headers.get('Cross-Origin-Opener-Policy')).toBe('same-origin');
  expect(response.headers.get('Cross-Origin-Embedder-Policy')).toBe('require-corp');
});
