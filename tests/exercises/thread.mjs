// One Python runtime in a thread of Node: what python.worker.ts is in the page.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { nodeBuild, startInNode } from '../python/runtime.mjs';

const send = (message) => parentPort.postMessage(message);
try {
  const started = performance.now();
  const { pyodide, engine } = await startInNode({ prepared: workerData.prepared });
  const { serve } = await import(pathToFileURL(join(nodeBuild, 'host.mjs')).href);
  const answer = serve(workerData.role, pyodide, send, engine, workerData.interrupts);
  parentPort.on('message', answer);
  send({ type: 'started', ms: performance.now() - started, interruptible: true });
} catch (error) {
  send({ type: 'fatal', id: null, text: String(error?.stack ?? error) });
}
