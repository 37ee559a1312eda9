import { createContext, Script, type Context } from 'node:vm';

const scope: { work?: () => unknown } = {};
// Loading it takes a millisecond, which most starts do not need.
let context: Context | undefined;
const script = new Script('work()');

/** The work exceeded its time limit and was stopped. */
export class OutOfTimeError extends Error {
  override readonly name = 'OutOfTimeError';
}

/**
 * Runs work that might never end, such as a regular expression, in a thread that can be stopped: a
 * signal could not interrupt it in this one.
 */
export function withinTime<T>(milliseconds: number, work: () => T): T {
  context ??= createContext(scope);
  scope.work = work;
  try {
    return script.runInContext(context, { timeout: milliseconds }) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    throw new OutOfTimeError(`It took longer than ${milliseconds} ms.`, { cause: error });
  } finally {
    delete scope.work;
  }
}
