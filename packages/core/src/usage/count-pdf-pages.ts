import { constants, inflateSync } from 'node:zlib';

const PAGE = /\/Type\s*\/Page(?![A-Za-z])/g;
const COUNT = /\/Count\s+(\d{1,6})/g;
/** Enough for the objects of thousands of pages; data compressed beyond that is not read. */
const MAX_UNPACKED = 16 * 1024 * 1024;

/** The number of pages in a PDF, without parsing it; null if it can't be found. */
export function countPdfPages(bytes: Uint8Array): number | null {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  if (!text.startsWith('%PDF')) return null;
  const objects = text + unpackObjects(text);
  const pages = objects.match(PAGE)?.length ?? 0;
  if (pages > 0) return pages;
  const counts = [...objects.matchAll(COUNT)].map(([, count]) => Number(count));
  return counts.length > 0 ? counts.reduce((most, count) => Math.max(most, count), 1) : null;
}

/** Newer files describe their pages in compressed streams of objects. */
function unpackObjects(text: string): string {
  let unpacked = '';
  for (let at = text.indexOf('/ObjStm'); at !== -1; at = text.indexOf('/ObjStm', at + 1)) {
    const keyword = text.indexOf('stream', at);
    const end = text.indexOf('endstream', keyword);
    if (keyword === -1 || end === -1) break;
    const start = keyword + (text.startsWith('\r\n', keyword + 6) ? 8 : 7);
    const maxOutputLength = MAX_UNPACKED - unpacked.length;
    if (maxOutputLength <= 0) break;
    try {
      const packed = Buffer.from(text.slice(start, end), 'latin1');
      const finishFlush = constants.Z_SYNC_FLUSH;
      unpacked += inflateSync(packed, { maxOutputLength, finishFlush }).toString('latin1');
    } catch {
      // Packed in another way, encrypted, or too large: the count is taken from the rest.
    }
  }
  return unpacked;
}
