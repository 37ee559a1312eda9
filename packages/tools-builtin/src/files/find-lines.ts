import { InvalidDataError } from '@synapse/core';
import { OutOfTimeError, withinTime } from '../within-time.ts';

/** For the lines of one file, and for all files of one search. */
const TIMEOUT_MS = 1000;
const SEARCH_MS = 10_000;

/** The indexes of the lines that fit. */
export type FindLines = (lines: readonly string[]) => number[];

export function createFindLines(
  pattern: string,
  isCaseIgnored: boolean,
  searchMs?: number,
): FindLines {
  const expression = compile(pattern, isCaseIgnored ? 'i' : '');
  return limited(pattern, (line) => expression.test(line), searchMs);
}

/** What a pattern of the model's finds, within the time that it may take. */
export function limited(
  pattern: string,
  fits: (line: string) => boolean,
  searchMs = SEARCH_MS,
): FindLines {
  let leftMs = searchMs;
  return (lines) => {
    const startedMs = performance.now();
    try {
      return withinTime(Math.max(1, Math.min(TIMEOUT_MS, Math.floor(leftMs))), () =>
        lines.flatMap((line, index) => (fits(line) ? [index] : [])),
      );
    } catch (error) {
      if (!(error instanceof OutOfTimeError)) throw error;
      throw new InvalidDataError(`The pattern "${pattern}" takes too long.`, {
        hint: 'Avoid repetitions within repetitions.',
        cause: error,
      });
    } finally {
      leftMs -= performance.now() - startedMs;
    }
  };
}

function compile(pattern: string, flags: string): RegExp {
  try {
    return new RegExp(pattern, flags);
  } catch (error) {
    throw new InvalidDataError(`"${pattern}" is no regular expression: ${String(error)}.`, {
      hint: 'Escape characters with a meaning, as in "\\(".',
      cause: error,
    });
  }
}
