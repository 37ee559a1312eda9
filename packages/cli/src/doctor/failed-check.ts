import { describeError } from '../output/report-error.ts';
import { fail, type Check } from './check.ts';

/** The failure of what was looked at, as it would be reported. */
export function failedCheck(name: string, error: unknown): Check {
  const { message, hint, exitCode } = describeError(error);
  return fail(name, message, hint ?? 'The log may say more.', exitCode);
}
