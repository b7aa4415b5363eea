/** Fetches what the sandbox needs, once per page, from the page's own origin. */
import { trainingModule } from './lanes';

const ROLES = ['loader', 'core', 'wasm', 'stdlib', 'packages', 'worker', 'frame'] as const;
const BLOB_ROLES = ['snapshot'] as const;
const OPTIONAL_ROLES = ['engineGlue', 'engineWasm', 'trainGlue', 'trainWasm'] as const;

export type PythonFiles = Record<(typeof ROLES)[number], ArrayBuffer> &
  Record<(typeof BLOB_ROLES)[number], Blob> &
  Partial<Record<(typeof OPTIONAL_ROLES)[number], ArrayBuffer>> & {
    /** Not fetched with the rest. */
    frameworks: { url: string; names: string[] };
  };

interface Manifest {
  files: Record<string, { url: string; bytes: number }>;
  frameworks: { url: string; bytes: number; names: string[] };
}

let fetched: Promise<PythonFiles> | null = null;
let progress = 0;
const listeners = new Set<(progress: number) => void>();

/** `onProgress` gets the part fetched so far, 0 to 1. */
export function fetchPythonFiles(onProgress?: (progress: number) => void): Promise<PythonFiles> {
  if (onProgress) {
    listeners.add(onProgress);
    onProgress(progress);
  }
  fetched ??= fetchAll().catch((error) => {
    // The network may be back at the next attempt.
    fetched = null;
    throw error;
  });
  return fetched.finally(() => onProgress && listeners.delete(onProgress));
}

async function fetchAll(): Promise<PythonFiles> {
  const base = new URL('python/', document.baseURI);
  const manifest = (await (await get(new URL('manifest.json', base), { cache: 'no-cache' })).json()) as Manifest;
  // One of the two modules that train, under whichever name, is what the sandbox calls `train…`.
  const training = trainingModule();
  const wanted = [...ROLES, ...BLOB_ROLES, ...OPTIONAL_ROLES].flatMap((role) => {
    const file = manifest.files[role.replace('train', training)];
    return file ? [{ role, ...file }] : [];
  });
  const total = wanted.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  const entries = await Promise.all(
    wanted.map(async ({ role, url, bytes }) => {
      const inflated = await inflate(await (await get(new URL(url, base))).arrayBuffer());
      const content = BLOB_ROLES.includes(role as never) ? await inflated.blob() : await inflated.arrayBuffer();
      done += bytes;
      progress = done / total;
      for (const listener of listeners) listener(progress);
      return [role, content] as const;
    }),
  );
  return { ...(Object.fromEntries(entries) as Omit<PythonFiles, 'frameworks'>), frameworks: manifest.frameworks } as PythonFiles;
}

/** An archive that the manifest names, inflated. */
export async function fetchArchive(url: string): Promise<Uint8Array> {
  const content = await (await get(new URL(url, new URL('python/', document.baseURI)))).arrayBuffer();
  return new Uint8Array(await (await inflate(content)).arrayBuffer());
}

async function get(url: URL, options?: RequestInit): Promise<Response> {
  const response = await fetch(url, options);
  if (!response.ok) throw new Error(`${url.pathname}: ${response.status}`);
  return response;
}

/** Archives are stored gzipped; a host that knows the ending may already have inflated them on the way. */
async function inflate(content: ArrayBuffer): Promise<Response> {
  const [first, second] = new Uint8Array(content, 0, Math.min(2, content.byteLength));
  if (first !== 0x1f || second !== 0x8b) return new Response(content);
  return new Response(new Blob([content]).stream().pipeThrough(new DecompressionStream('gzip')));
}
