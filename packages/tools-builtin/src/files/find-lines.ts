import { InvalidDataError } from '@synapse/core';
import { OutOfTimeError, withinTime } from '../within-time.ts';

const TIMEOUT_MS = 1000;

/** The indexes of the lines that fit. */
export type FindLines = (lines: readonly string[]) => number[];

export function createFindLines(pattern: string, isCaseIgnored: boolean): FindLines {
  const expression = compile(pattern, isCaseIgnored ? 'i' : '');
  return limited(pattern, (line) => expression.test(line));
}

/** What a pattern of the model's finds, within the time that it may take. */
export function limited(pattern: string, fits: (line: string) => boolean): FindLines {
  return (lines) => {
    try {
      return withinTime(TIMEOUT_MS, () =>
        lines.flatMap((line, index) => (fits(line) ? [index] : [])),
      );
    } catch (error) {
      if (!(error instanceof OutOfTimeError)) throw error;
      throw new InvalidDataError(`The pattern "${pattern}" takes too long.`, {
        hint: 'Avoid repetitions within repetitions.',
        cause: error,
      });
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
