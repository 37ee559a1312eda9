import { createHash } from 'node:crypto';
import { isUnknown } from './history-times.ts';

export function hashOf(...parts: readonly string[]): string {
  return hashOfAll(parts);
}

/** The same for parts that may be more than a function takes arguments. */
export function hashOfAll(parts: readonly string[]): string {
  const hash = createHash('sha256');
  // The lengths keep ("ab", "c") apart from ("a", "bc").
  for (const part of parts) hash.update(`${part.length}:${part}`);
  return hash.digest('hex');
}

/**
 * A UUIDv7 of this time whose random bits follow from the parts, so that it is the same each time. The digits of an
 * unknown time follow from the parts too.
 */
export function derivedId(time: Date, ...parts: readonly string[]): string {
  const hash = hashOf(...parts);
  const ms = Math.min(time.getTime(), 0xffff_ffff_ffff);
  const stamp = isUnknown(time) ? hash.slice(20, 32) : ms.toString(16).padStart(12, '0');
  const variant = '89ab'.charAt(Number.parseInt(hash.charAt(0), 16) & 3);
  return `${stamp.slice(0, 8)}-${stamp.slice(8)}-7${hash.slice(1, 4)}-${variant}${hash.slice(4, 7)}-${hash.slice(7, 19)}`;
}
