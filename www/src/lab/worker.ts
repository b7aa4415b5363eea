// The lab's training worker, as a client to ask.
import { WorkerClient, type Listeners, type WorkerPort } from '../../workers/client.ts';
import type { LabCalls, LabEvent } from '../../workers/lab/protocol.ts';

export class LabClient extends WorkerClient<LabCalls, LabEvent> {}

/** A worker of its own, started at the first question; any room may have one. */
export function labClient(listeners: Listeners<LabEvent>): LabClient {
  return new LabClient(
    () =>
      new Worker(new URL('../../workers/lab/lab.worker.ts', import.meta.url), {
        type: 'module',
        // The worker fetches the digits from beside the page; its own address is elsewhere.
        name: new URL('.', document.baseURI).href,
      }) as unknown as WorkerPort<LabCalls, LabEvent>,
    listeners,
  );
}
