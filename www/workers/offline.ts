// The service worker: after the first visit everything works without a network, and a host that can't send the headers
// of isolation gets them from here. What it keeps is one build, whole: an update comes in beside it, and takes over when
// the reader says so or the last tab has closed.
import { addPlugins, cleanupOutdatedCaches, precacheAndRoute } from 'workbox-precaching';
import type { WorkboxPlugin } from 'workbox-core/types.js';
import { isolated } from './isolation.ts';

/** Every file of the build, with a hash of its content where its name has none; written by www/scripts/offline.mjs. */
declare const DANLU_FILES: { url: string; revision: string | null }[];

const scope = self as unknown as {
  skipWaiting(): Promise<void>;
  addEventListener(type: 'message', listener: (event: MessageEvent<unknown>) => void): void;
};

const plugin: WorkboxPlugin = {
  // The page has often just fetched the same file. Where its address doesn't say which version it is, the host is asked
  // whether it is still the same; nothing is fetched twice.
  requestWillFetch: async ({ request }) =>
    request.cache === 'reload' ? new Request(request, { cache: 'no-cache' }) : request,
  handlerWillRespond: async ({ response }) => isolated(response),
};

addPlugins([plugin]);
precacheAndRoute(DANLU_FILES);
cleanupOutdatedCaches();

scope.addEventListener('message', ({ data }) => {
  if (data === 'take over') void scope.skipWaiting();
});
