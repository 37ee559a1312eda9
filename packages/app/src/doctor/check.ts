import { describeFailure, type Failure } from '../failures/describe-failure.ts';

/** The result of one check. */
export interface Check {
  name: string;
  status: 'ok' | 'warn' | 'fail';
  text: string;
  /** How to fix it; null if nothing is wrong. */
  advice: string | null;
  /** The action that the error named, if any; the advice ends with it. */
  action?: Failure['action'];
  /** The code of the error, if the check failed. */
  code: string | null;
}

export function ok(name: string, text: string): Check {
  return { name, status: 'ok', text, advice: null, code: null };
}

export function warn(name: string, text: string, advice: string): Check {
  return { name, status: 'warn', text, advice, code: null };
}

export function fail(name: string, text: string, advice: string, code: string): Check {
  return { name, status: 'fail', text, advice, code };
}

/** Turns an error into a failed check. */
export function failedCheck(name: string, error: unknown): Check {
  const { message, hint, action, code } = describeFailure(error);
  return { ...fail(name, message, hint ?? 'The log may have details.', code), action };
}
