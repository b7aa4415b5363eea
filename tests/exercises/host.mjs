// The page's PythonSession over threads of Node instead of a sandbox's workers.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { nodeBuild, prepare } from '../python/runtime.mjs';

export async function openSession(limits) {
  const prepared = await prepare();
  const { INTERRUPT, PythonSession } = await import(pathToFileURL(join(nodeBuild, 'host.mjs')).href);
  const spawner = () => ({
    spawn(role) {
      const interrupts = new Uint8Array(new SharedArrayBuffer(1));
      const worker = new Worker(new URL('./thread.mjs', import.meta.url), { workerData: { role, prepared, interrupts } });
      const channel = {
        post: (message) => worker.postMessage(message),
        interrupt: () => interrupts.fill(INTERRUPT),
        terminate: () => void worker.terminate(),
      };
      worker.on('message', (message) => channel.onMessage?.(message));
      worker.on('error', (error) => channel.onDeath?.(String(error)));
      worker.on('exit', () => channel.onDeath?.('the thread ended'));
      return channel;
    },
    dispose() {},
  });
  const session = new PythonSession(spawner(), spawner(), limits);
  await session.ready;
  return session;
}
