import { InvalidDataError } from '@synapse/core';
import { OutOfTimeError, withinTime } from '../within-time.ts';

/** Time limits for the lines of one file, and for all files of one search. */
const TIMEOUT_MS = 1000;
const SEARCH_MS = 10_000;

/** The indexes of the matching lines. */
export type FindLines = (lines: readonly string[]) => number[];

export function createFindLines(
  pattern: string,
  isCaseIgnored: boolean,
  searchMs?: number,
): FindLines {
  const expression = compile(pattern, isCaseIgnored ? 'i' : '');
  return limited(pattern, (line) => expression.test(line), searchMs);
}

/** Matches a pattern of the model within a time limit. */
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

/** With the flag `u`, `.` is a whole character and `\p{…}` a class; without it, more escapes are valid, as `\-`. */
function compile(pattern: string, flags: string): RegExp {
  const source = translatePosixClasses(pattern);
  try {
    return new RegExp(source, `${flags}u`);
  } catch {
    // The looser form decides, and its message names what is wrong in both.
  }
  try {
    return new RegExp(source, flags);
  } catch (error) {
    throw new InvalidDataError(`"${pattern}" is not a regular expression: ${String(error)}.`, {
      hint: 'Escape characters with a meaning, as in "\\(".',
      cause: error,
    });
  }
}

const posixClasses: Readonly<Record<string, string>> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  blank: ' \\t',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`\\{-~',
  space: '\\s',
  upper: 'A-Z',
  word: '\\w',
  xdigit: 'A-Fa-f0-9',
};

/** Translates `[[:alpha:]]`, which JavaScript reads as something else. */
function translatePosixClasses(pattern: string): string {
  let translated = '';
  let isInBrackets = false;
  for (const [piece] of pattern.matchAll(/\\[^]|\[:\^?\w+:\]|[^]/g)) {
    if (piece.length > 3) {
      const name = piece.slice(2, -2);
      const characters = Object.hasOwn(posixClasses, name) ? posixClasses[name] : undefined;
      if (!isInBrackets || characters === undefined) {
        throw new InvalidDataError(`"${piece}" is not supported in "${pattern}".`, {
          hint: `Write a class in brackets, as in "[[:alpha:]]". Known classes: ${Object.keys(posixClasses).join(', ')}.`,
        });
      }
      translated += characters;
      continue;
    }
    if (piece === '[') isInBrackets = true;
    else if (piece === ']') isInBrackets = false;
    translated += piece;
  }
  return translated;
}
