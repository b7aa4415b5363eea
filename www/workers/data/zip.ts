// Files within a zip, inflated one at a time: an archive of ten thousand pictures is never whole in memory.
import { inflateSync } from 'fflate';
import { Refused } from '../failure.ts';

export interface Packed {
  path: string;
  size: number;
  bytes(): Uint8Array<ArrayBuffer>;
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value >>> 0;
});

function crc32(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (let at = 0; at < bytes.length; at += 1) value = table[(value ^ bytes[at]!) & 255]! ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

/** No file within may be larger: a small zip may claim to unpack to anything. */
const limit_bytes = 2 ** 31;

/** The files of an archive by its central directory (PKWARE's APPNOTE 4.3); errs with `data_malformed` and where. */
export function listZip(file: string, zip: Uint8Array<ArrayBuffer>): Packed[] {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const malformed = (offset: number, expected: string, got: string) => new Refused('data_malformed', { file, format: 'zip', offset, expected, got });
  const end = findEnd(view);
  if (end < 0) throw malformed(zip.length, 'PK 05 06', `${zip.length} bytes`);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (count === 0xffff || at === 0xffffffff) throw malformed(end, 'zip (not zip64)', 'zip64');

  const found: Packed[] = [];
  for (let nth = 0; nth < count; nth += 1) {
    if (at + 46 > zip.length || view.getUint32(at, true) !== 0x02014b50) throw malformed(at, 'PK 01 02', at + 4 > zip.length ? 'end of file' : view.getUint32(at, true).toString(16));
    const method = view.getUint16(at + 10, true);
    const [crc, packedSize, size] = [16, 20, 24].map((offset) => view.getUint32(at + offset, true)) as [number, number, number];
    const [nameSize, extraSize, noteSize] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true)) as [number, number, number];
    const local = view.getUint32(at + 42, true);
    const encrypted = (view.getUint16(at + 8, true) & 1) === 1;
    const path = new TextDecoder().decode(zip.subarray(at + 46, at + 46 + nameSize));
    at += 46 + nameSize + extraSize + noteSize;
    if (path.endsWith('/')) continue;
    const bytes = () => {
      if (local + 30 > zip.length || view.getUint32(local, true) !== 0x04034b50) throw malformed(local, `PK 03 04 (${path})`, 'other bytes');
      const from = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
      if (encrypted || (method !== 0 && method !== 8)) throw malformed(local + 8, `stored or deflated (${path})`, encrypted ? 'encrypted' : `method ${method}`);
      if (from + packedSize > zip.length) throw malformed(from, `${packedSize} bytes (${path})`, `${Math.max(0, zip.length - from)} bytes`);
      if (size > limit_bytes) throw new Refused('data_too_large', { file: path, limit_bytes, got_bytes: size });
      const packed = zip.subarray(from, from + packedSize);
      let whole: Uint8Array<ArrayBuffer>;
      try {
        whole = method === 0 ? packed : inflateSync(packed, { out: new Uint8Array(size) });
      } catch (error) {
        throw malformed(from, `deflate (${path})`, error instanceof Error ? error.message : String(error));
      }
      if (whole.length !== size || crc32(whole) !== crc) throw malformed(from, `CRC-32 ${crc.toString(16)} (${path})`, whole.length === size ? crc32(whole).toString(16) : `${whole.length} bytes`);
      return whole;
    };
    found.push({ path, size, bytes });
  }
  return found;
}

/** Where the end of the central directory begins; a comment of up to 64 KiB may follow it. */
function findEnd(view: DataView): number {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 22 - 0xffff); at -= 1) {
    if (view.getUint32(at, true) === 0x06054b50) return at;
  }
  return -1;
}
