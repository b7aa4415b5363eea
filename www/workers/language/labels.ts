// A token's bytes as something to look at: whole characters as they are, and bytes that make none as themselves.

export interface Part {
  text: string;
  /** False for bytes that are no whole character; `text` is then empty. */
  whole: boolean;
  bytes: number;
}

/** How many bytes a character that begins with this one has; 0 where none does. */
const lengthBy = (lead: number) => (lead < 0x80 ? 1 : lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : 0);

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The characters of these bytes, with what is none between them. */
export function partsOf(bytes: Uint8Array): Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = lengthBy(bytes[at]!);
    let part: Part = { text: '', whole: false, bytes: 1 };
    if (size > 0 && at + size <= bytes.length) {
      try {
        part = { text: strict.decode(bytes.subarray(at, at + size)), whole: true, bytes: size };
      } catch {
        // No character begins here.
      }
    }
    parts.push(part);
    at += part.bytes;
  }
  return parts;
}

/** A text that repeats itself makes tokens of any length; a label shows their beginning. */
const LONGEST = 60;

/** The text of a token, with ⟨E7·82⟩ for bytes that are no whole character. */
export function labelOf(bytes: Uint8Array): string {
  if (bytes.length > LONGEST) return `${labelOf(bytes.subarray(0, LONGEST))}…`;
  let label = '';
  let broken: string[] = [];
  let at = 0;
  const flush = () => {
    if (broken.length > 0) label += `⟨${broken.join('·')}⟩`;
    broken = [];
  };
  for (const part of partsOf(bytes)) {
    if (part.whole) {
      flush();
      label += part.text;
    } else {
      broken.push(bytes[at]!.toString(16).toUpperCase().padStart(2, '0'));
    }
    at += part.bytes;
  }
  flush();
  return label;
}

/** White space and control characters as signs that can be seen. */
export const visible = (label: string): string =>
  label
    .replace(/ /g, '␣')
    .replace(/\n/g, '↵')
    .replace(/\t/g, '⇥')
    .replace(/[\0-\x1f]/g, (sign) => String.fromCharCode(0x2400 + sign.charCodeAt(0)))
    .replace(/\x7f/g, '␡');
