import type { BigIntStats } from 'node:fs';

const signatures: readonly [string, RegExp][] = [
  ['PNG image', /^\x89PNG/],
  ['JPEG image', /^\xff\xd8\xff/],
  ['GIF image', /^GIF8/],
  ['WebP image', /^RIFF....WEBP/s],
  ['PDF document', /^%PDF-/],
  ['ZIP archive', /^PK[\x03\x05]\x04?/],
  ['gzip archive', /^\x1f\x8b/],
  ['ELF program', /^\x7fELF/],
  ['SQLite database', /^SQLite format 3\0/],
  ['WebAssembly module', /^\0asm/],
  ['UTF-16 text', /^(\xff\xfe|\xfe\xff)/],
];

/** Undefined for text; otherwise what the bytes seem to be. */
export function binaryKind(beginning: Buffer): string | undefined {
  const known = signatures.find(([, signature]) => signature.test(beginning.toString('latin1')));
  if (known) return known[0];
  return beginning.includes(0) ? 'binary file' : undefined;
}

export function specialKind(stats: BigIntStats): string {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a FIFO';
  if (stats.isSocket()) return 'a socket';
  return stats.isFile() ? 'a file' : 'a device';
}
