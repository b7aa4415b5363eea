// The page's copy of itself for when there is no network: asked for once the first visit has settled, and brought up to
// date in the background.

/** Long enough for what the reader waits for to be fetched first. */
const SETTLE_MS = 4000;

let waiting = $state.raw<ServiceWorker | null>(null);
let registered = false;

/** Whether a newer build lies ready; it comes with the next reload that `update` makes, or once every tab has closed. */
export const updateReady = () => waiting !== null;

/** Asks the browser to keep the page. Nothing happens where it can't, in development, or where data are to be saved. */
export function keepOffline(): void {
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  if (registered || !('serviceWorker' in navigator) || import.meta.env.DEV || connection?.saveData) return;
  registered = true;
  const settled = () => setTimeout(() => void register().catch(() => {}), SETTLE_MS);
  if (document.readyState === 'complete') settled();
  else window.addEventListener('load', settled, { once: true });
}

async function register(): Promise<void> {
  const registration = await navigator.serviceWorker.register(new URL('offline.js', document.baseURI), { updateViaCache: 'none' });
  const look = (worker: ServiceWorker | null) => {
    // The first one of all has nobody to take over from.
    if (worker?.state === 'installed' && navigator.serviceWorker.controller) waiting = worker;
  };
  look(registration.waiting);
  registration.addEventListener('updatefound', () => {
    const coming = registration.installing;
    coming?.addEventListener('statechange', () => look(coming));
  });
}

/** Loads the newer build. What the reader typed and began is kept as at any reload. */
export function update(): void {
  navigator.serviceWorker.addEventListener('controllerchange', () => window.location.reload(), { once: true });
  waiting?.postMessage('take over');
}
