import type { ExitCode } from '../exit-codes.ts';

/** One thing that was looked at. */
export interface Check {
  name: string;
  status: 'ok' | 'warn' | 'fail';
  text: string;
  /** How to mend it; null where there is nothing to mend. */
  advice: string | null;
  /** What the command ends with where this failed. */
  exitCode: ExitCode;
}

export function ok(name: string, text: string): Check {
  return { name, status: 'ok', text, advice: null, exitCode: 0 };
}

export function warn(name: string, text: string, advice: string): Check {
  return { name, status: 'warn', text, advice, exitCode: 0 };
}

export function fail(name: string, text: string, advice: string, exitCode: ExitCode): Check {
  return { name, status: 'fail', text, advice, exitCode };
}
