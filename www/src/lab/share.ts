// A link that opens the lab with a spec.
import { writeAddress } from './address.ts';
import type { LabSpec } from './spec.ts';

export async function specLink(spec: LabSpec): Promise<string> {
  return `${location.href.replace(/#.*$/, '')}#/lab/runs?spec=${await writeAddress(spec)}`;
}

/** False where the browser lets no page write to the clipboard. */
export async function copySpecLink(spec: LabSpec): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(await specLink(spec));
    return true;
  } catch {
    return false;
  }
}
