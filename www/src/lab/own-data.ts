// The worker that reads a reader's own files, as a client to ask.
import { WorkerClient, type Listeners, type WorkerPort } from '../../workers/client.ts';
import type { DataCalls, DataProgress } from '../../workers/data/protocol.ts';

export type * from '../../workers/data/protocol.ts';

export class DataClient extends WorkerClient<DataCalls, DataProgress> {}

export function dataClient(listeners: Listeners<DataProgress>): DataClient {
  return new DataClient(() => new Worker(new URL('../../workers/data/data.worker.ts', import.meta.url), { type: 'module' }) as unknown as WorkerPort<DataCalls, DataProgress>, listeners);
}
