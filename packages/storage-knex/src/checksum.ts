import { crc32 } from 'node:zlib';

const AT_ONCE = 1 << 20;
export const CHECKSUM_LENGTH = 8;

/**
 * A CRC-32 over columns of a row, in eight digits. It protects against faulty disks, not against
 * attackers. It does not need node:crypto and takes less than a tenth of its time.
 */
export function checksum(values: readonly unknown[]): string {
  return toDigits(sumColumns(values));
}

export function toDigits(sum: number): string {
  return sum.toString(16).padStart(CHECKSUM_LENGTH, '0');
}

/** `sum` is the checksum of the preceding columns. */
export function sumColumns(values: readonly unknown[], sum = 0): number {
  let columns = '';
  for (const value of values) columns += `${textOf(value)}\0`;
  return crc32(columns, sum);
}

export function sumText(value: unknown, sum: number): number {
  const text = textOf(value);
  if (text.length <= AT_ONCE) return crc32(text, sum);
  for (const piece of piecesOf(text)) sum = crc32(piece, sum);
  return sum;
}

/** The hash of a message's parts; checks messages that have no seal. */
export function hashParts(parts: string): string {
  // Loaded only to read messages of an earlier version.
  const { createHash } = process.getBuiltinModule('node:crypto');
  const hash = createHash('sha256');
  for (const piece of piecesOf(parts)) hash.update(piece);
  return hash.digest('hex');
}

/**
 * No stored text has a NUL. On a damaged page a text may have turned into anything, such as bytes.
 */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  return value === null ? '\u0001' : '\u0002';
}

/** Encoding the whole text at once would take as much memory again as the largest message. */
function* piecesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length;) {
    let end = Math.min(start + AT_ONCE, text.length);
    if (/[\ud800-\udbff]/.test(text.charAt(end - 1))) end += 1;
    yield text.slice(start, end);
    start = end;
  }
}
