// Whatever is thrown in a worker, as data that crosses to the page.
import { DanluError } from 'danlu';
import { DownloadFailure } from './digits.ts';
import type { Failure } from './protocol.ts';

/** A request that makes no sense now; `code` is a key of errors.json. */
export class Refused extends Error {
  override name = 'Refused';

  constructor(
    readonly code: string,
    readonly fields: Failure['fields'] = {},
  ) {
    super(code);
  }
}

export function failureOf(error: unknown): Failure {
  if (error instanceof Refused) return { code: error.code, fields: error.fields, fatal: false };
  if (error instanceof DownloadFailure) {
    // No status means that no answer came at all.
    const code = error.status === 0 ? 'download_unreachable' : 'download_failed';
    return { code, fields: { file: error.file, status: String(error.status) }, fatal: false };
  }
  if (error instanceof DanluError) {
    return { code: error.code, fields: plainFields(error.fields), fatal: error.code === 'engine_panic' };
  }
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { code: 'worker_crashed', fields: { detail }, fatal: true };
}

function plainFields(fields: Record<string, unknown>): Failure['fields'] {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value),
    ]),
  );
}
