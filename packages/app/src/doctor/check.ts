import { describeFailure, type Failure } from '../failures/describe-failure.ts';

/** One thing that was looked at. */
export interface Check {
  name: string;
  status: 'ok' | 'warn' | 'fail';
  text: string;
  /** How to mend it; null where there is nothing to mend. */
  advice: string | null;
  /** Which the advice ends with, where an error named one. */
  action?: Failure['action'];
  /** Of the error that this is, where it failed. */
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

/** The failure of what was looked at, as it would be reported. */
export function failedCheck(name: string, error: unknown): Check {
  const { message, hint, action, code } = describeFailure(error);
  return { ...fail(name, message, hint ?? 'The log may have details.', code), action };
}
