import { expect, it, vi } from 'vitest';
import { TrainClient, WorkerFailure, type WorkerPort } from './client.ts';
import type { Failure, FromWorker, ToWorker } from './protocol.ts';

/** The far end of a worker's port, played by the test. */
function port() {
  const sent: ToWorker[] = [];
  const near: WorkerPort = {
    postMessage: (message) => void sent.push(message),
    terminate: vi.fn(),
    onmessage: null,
    onerror: null,
    onmessageerror: null,
  };
  const say = (message: FromWorker) => near.onmessage?.({ data: message } as MessageEvent<FromWorker>);
  const idOf = (call: string) => {
    for (const message of sent) if (message.kind === 'request' && message.request.call === call) return message.request.id;
    throw new Error(`${call} was not asked`);
  };
  return { near, sent, say, idOf };
}

function setUp() {
  const ports = [port(), port()];
  const spawned: typeof ports = [];
  const event = vi.fn();
  const crash = vi.fn();
  const spawn = () => {
    const next = ports.shift()!;
    spawned.push(next);
    return next.near;
  };
  return { client: new TrainClient(spawn, { event, crash }), spawned, event, crash };
}

const panic: Failure = { code: 'engine_panic', fields: {}, fatal: true };

it('answers reach the one who asked, in whatever order they come', async () => {
  const { client, spawned } = setUp();
  const pause = client.ask('pause', {});
  const look = client.ask('sample', { label: 3, nth: 0 });
  const [far] = spawned;
  const digit = { index: 5, label: 3, pixels: new Uint8Array(784) };
  far!.say({ kind: 'answer', id: far!.idOf('sample'), answer: digit });
  far!.say({ kind: 'answer', id: far!.idOf('pause'), answer: null });
  expect(await look).toBe(digit);
  expect(await pause).toBeNull();
});

it('a cancelled request rejects at once, tells the worker, and a late answer is ignored', async () => {
  const { client, spawned } = setUp();
  const abort = new AbortController();
  const look = client.ask('mistakes', { limit: 1 }, { signal: abort.signal });
  abort.abort();
  await expect(look).rejects.toMatchObject({ name: 'AbortError' });
  const [far] = spawned;
  expect(far!.sent.at(-1)).toEqual({ kind: 'cancel', id: far!.idOf('mistakes') });
  far!.say({ kind: 'answer', id: far!.idOf('mistakes'), answer: { count: 0, of: 0, worst: [] } });
});

it('a request cancelled before it is made spawns no worker', async () => {
  const { client, spawned } = setUp();
  await expect(client.ask('pause', {}, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
  expect(spawned).toHaveLength(0);
});

it('a refusal rejects with its code and the worker lives on', async () => {
  const { client, spawned, crash } = setUp();
  const start = client.ask('resume', {});
  const [far] = spawned;
  far!.say({ kind: 'refusal', id: far!.idOf('resume'), failure: { code: 'no_run', fields: {}, fatal: false } });
  await expect(start).rejects.toBeInstanceOf(WorkerFailure);
  expect(crash).not.toHaveBeenCalled();
  expect(far!.near.terminate).not.toHaveBeenCalled();
});

it('a panic of the engine rejects everything asked, and the next ask meets a fresh worker', async () => {
  const { client, spawned, crash } = setUp();
  const one = client.ask('pause', {});
  const two = client.ask('mistakes', { limit: 3 });
  spawned[0]!.say({ kind: 'broken', failure: panic });
  await expect(one).rejects.toMatchObject({ failure: panic });
  await expect(two).rejects.toMatchObject({ failure: panic });
  expect(crash).toHaveBeenCalledExactlyOnceWith(panic);
  expect(spawned[0]!.near.terminate).toHaveBeenCalled();

  const three = client.ask('resume', {});
  expect(spawned).toHaveLength(2);
  spawned[1]!.say({ kind: 'answer', id: spawned[1]!.idOf('resume'), answer: null });
  expect(await three).toBeNull();
});

it('a script error of the worker is a crash, once, and words from the dead worker are not heard', async () => {
  const { client, spawned, crash, event } = setUp();
  const one = client.ask('pause', {});
  const far = spawned[0]!;
  far.near.onerror?.({ message: 'out of memory' } as ErrorEvent);
  far.near.onerror?.({ message: 'again' } as ErrorEvent);
  await expect(one).rejects.toMatchObject({ failure: { code: 'worker_crashed', fields: { detail: 'out of memory' } } });
  expect(crash).toHaveBeenCalledTimes(1);
  far.say({ kind: 'finished', reason: 'complete' });
  expect(event).not.toHaveBeenCalled();
});
