import { posix } from 'node:path';
import type { ToolSubject } from '../ports/tool-source.ts';

/** Each reading is one subject in every spelling that a rule may use. */
export interface Readings {
  /** The certain readings: a rule that allows has to match each of them. */
  strict: string[][];
  /** The possible readings: a rule that asks or denies only has to match one of them. */
  generous: string[][];
}

/** Longer than any path or address; matching it against rules could take forever. */
const MAX_LENGTH = 8192;

/**
 * Reads the subject of a call, also if it is spelled differently than in a rule. Null for a subject
 * that is too long to judge.
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
    // Some file systems accept accented letters in either Unicode form.
    const composed = readings.flat().map((name) => name.normalize());
    return { strict: readings, generous: [...readings, composed] };
  }
  if (typeof value !== 'string') return { strict: [[]], generous: [] };
  if (kind === 'url' && URL.canParse(value)) return readUrl(value);
  return { strict: [[value]], generous: [[value]] };
}

/** The path relative to the folder, or in full if it lies outside. */
function pathNames(absolute: string, folder: string): string[] {
  const relative = posix.relative(folder, absolute);
  return relative.startsWith('..') ? [absolute] : [absolute, relative];
}

/**
 * The address as it is requested, whatever its spelling; servers may interpret it more freely
 * still.
 */
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
