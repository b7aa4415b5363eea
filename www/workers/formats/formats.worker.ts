// Writes and reads other libraries' files, away from the page; the engine says whether what was read is a network.
import { load, type Engine, type RunSpec, type Session } from 'danlu';
import { exportOne } from '../../src/formats/export.ts';
import { FormatFailure } from '../../src/formats/failure.ts';
import { importModel } from '../../src/formats/import.ts';
import type { AnswerOf, FromWorkerOf, RequestOf, ToWorkerOf } from '../client.ts';
import { failureOf } from '../failure.ts';
import { runOf } from '../lab/describe.ts';
import type { Failure } from '../protocol.ts';
import type { FormatCalls, Imported } from './protocol.ts';

const scope = self as unknown as {
  postMessage(message: FromWorkerOf<FormatCalls, never>, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorkerOf<FormatCalls>>) => void) | null;
};

let engine: Promise<Engine> | undefined;

async function opened<T>(spec: RunSpec, use: (session: Session) => T): Promise<T> {
  const session = (await (engine ??= load())).createSession(spec, 0);
  try {
    return use(session);
  } finally {
    session.free();
  }
}

async function perform(request: RequestOf<FormatCalls>): Promise<AnswerOf<FormatCalls>> {
  if (request.call === 'export') {
    const { kind, spec: wanted, steps, weights } = request.ask;
    const spec = runOf(wanted, steps);
    const layers = await opened(spec, (session) => session.layers());
    return exportOne(kind, { spec, layers, weights });
  }
  const { name, bytes, model } = request.ask;
  const read = importModel(name, bytes, model);
  return opened({ model: read.model, loss: read.loss }, (session): Imported => {
    session.setWeights(read.weights);
    return { ...read, layers: session.layers().length, parameters: session.parameterCount };
  });
}

function toldAs(error: unknown): Failure {
  if (error instanceof FormatFailure) return { code: `format_${error.code}`, fields: error.fields, fatal: false };
  return failureOf(error);
}

scope.onmessage = async ({ data }) => {
  if (data.kind === 'cancel') return;
  const { id } = data.request;
  try {
    const answer = await perform(data.request);
    const inside = 'bytes' in answer ? answer.bytes : answer.weights;
    scope.postMessage({ kind: 'answer', id, answer }, [inside.buffer]);
  } catch (error) {
    scope.postMessage({ kind: 'refusal', id, failure: toldAs(error) }, []);
  }
};
