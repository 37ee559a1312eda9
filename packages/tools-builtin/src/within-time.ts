import { createContext, Script, type Context } from 'node:vm';

const scope: { work?: () => unknown } = {};
// Costs a millisecond, which most starts can do without.
let context: Context | undefined;
const script = new Script('work()');

/** The work took longer than it was given, and was ended in its midst. */
export class OutOfTimeError extends Error {
  override readonly name = 'OutOfTimeError';
}

/**
 * Does what could go on for ever, as an expression or a page can be written that makes it so, and
 * could not be interrupted otherwise: a signal is not even heard meanwhile.
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
