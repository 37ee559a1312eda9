import { posix } from 'node:path';
import type { ToolSubject } from '../ports/tool-source.ts';

/** Each reading is one thing in all the ways that a rule may name it. */
export interface Readings {
  /** What is meant: a rule that allows has to fit each of them. */
  strict: string[][];
  /** What could be meant: a rule that guards has to fit any. */
  generous: string[][];
}

/** More than any path or address has; to match it against rules could take for ever. */
const MAX_LENGTH = 8192;

/**
 * What a call is about, also where it is spelled otherwise than a rule would; null for what is too
 * long to be judged.
 */
export async function readSubject(
  value: unknown,
  { kind, locate }: ToolSubject,
  workingDirectory: string,
): Promise<Readings | null> {
  if (typeof value === 'string' && value.length > MAX_LENGTH && kind !== 'text') return null;
  if (kind === 'path') {
    const path = typeof value === 'string' ? value : '.';
    const readings = [pathNames(posix.resolve(workingDirectory, path), workingDirectory)];
    if (locate) readings.push(pathNames(await locate(path), await locate('.')));
    // Some file systems take letters with marks in either form.
    const composed = readings.flat().map((name) => name.normalize());
    return { strict: readings, generous: [...readings, composed] };
  }
  if (typeof value !== 'string') return { strict: [[]], generous: [] };
  if (kind === 'url' && URL.canParse(value)) return readUrl(value);
  return { strict: [[value]], generous: [[value]] };
}

/** The path as it lies in the folder, or in full where it lies outside. */
function pathNames(absolute: string, folder: string): string[] {
  const relative = posix.relative(folder, absolute);
  return relative.startsWith('..') ? [absolute] : [absolute, relative];
}

/** The address as it is requested, whatever its spelling; servers may read it more freely still. */
function readUrl(value: string): Readings {
  const { href } = new URL(value);
  const names = [href, href.replace(/\/$/, '')];
  const url = new URL(href);
  url.username = '';
  url.password = '';
  url.hostname = url.hostname.replace(/\.$/, '');
  const decoded = decode(decode(url.href)).replace(/(?<!:)\/{2,}/g, '/');
  return {
    strict: [names],
    generous: [[value, ...names, url.href, url.href.replace(/\/$/, ''), decoded]],
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
