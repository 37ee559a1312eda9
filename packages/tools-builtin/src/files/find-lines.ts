import { InvalidDataError } from '@synapse/core';
import { createContext, Script } from 'node:vm';

const TIMEOUT_MS = 1000;

const script = new Script(
  'lines.reduce((found, line, index) => { if (expression.test(line)) found.push(index); return found; }, [])',
);

export type FindLines = (lines: readonly string[]) => number[];

/**
 * Finds the lines that an expression of the model's fits. It runs in a context of its own for the
 * sake of the time limit: an expression can be written that would never end.
 */
export function createFindLines(pattern: string, isCaseIgnored: boolean): FindLines {
  const expression = compile(pattern, isCaseIgnored ? 'i' : '');
  const scope: Record<string, unknown> = { expression, lines: [] };
  const context = createContext(scope);
  return (lines) => {
    scope.lines = lines;
    try {
      return Array.from(script.runInContext(context, { timeout: TIMEOUT_MS }) as number[]);
    } catch (error) {
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
