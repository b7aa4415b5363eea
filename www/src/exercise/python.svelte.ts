/** The page's one Python, and its state as the reader sees it. */
import { createPythonClient } from '../python/client.ts';
import type { PythonClient, PythonState } from '../python/types.ts';

let client: PythonClient | null = null;
let current = $state.raw<PythonState>({ status: 'idle', progress: 0 });

/** Starts Python when it is first asked for, and anew after it failed to start. */
export function python(): PythonClient {
  if (client && client.state.status !== 'failed') return client;
  client?.dispose();
  const started = createPythonClient();
  started.onState((state) => { current = state; });
  client = started;
  return started;
}

export function pythonState(): PythonState {
  return current;
}
