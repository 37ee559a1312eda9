import { StorageError } from '@synapse/core';
import { exitCodeOf, type ExitCode } from '../exit-codes.ts';
import { describeFailure, type Failure } from '@synapse/app/failures/describe-failure';
import { currentLog } from '@synapse/app/logging/current-log';
import { hintOf } from './action-words.ts';
import { SignalError, UnwritableOutputError } from './interrupts.ts';
import { createNotices } from './notices.ts';
import { printJson } from './print-json.ts';

export interface ReportedError extends Omit<Failure, 'action'> {
  exitCode: ExitCode;
}

/** A failure and the exit code of the process. */
export function describeError(error: unknown): ReportedError {
  const { action, ...failure } = describeFailure(error);
  const hint = hintOf({ ...failure, action });
  const hasOwn = error instanceof SignalError || error instanceof UnwritableOutputError;
  return { ...failure, hint, exitCode: hasOwn ? error.exitCode : exitCodeOf(failure.code) };
}

let sessionId: string | undefined;

/** Failures are reported with this stored session from now on. */
export function noteSession(id: string): void {
  sessionId = id;
}

/** Reports the error: as the last JSON object on stdout for programs, on stderr for people. */
export function reportError(error: unknown, format: 'text' | 'json'): ExitCode {
  const { exitCode, hint, ...rest } = describeError(error);
  if (exitCode === 1) currentLog()?.logger.error({}, rest.message);
  if (format === 'json') {
    printJson(process.stdout, { type: 'error', ...rest, exitCode, hint, session: sessionId });
  } else {
    createNotices(process.stderr).warn(`${rest.message}${hint ? `\n${hint}` : ''}`);
  }
  return exitCode;
}

/**
 * Faults of the disk, the file or the server, which no other command line would fix; not a wrong
 * password.
 */
export function isUnusable(error: unknown): error is StorageError {
  return error instanceof StorageError && [73, 74].includes(exitCodeOf(error.code));
}

export function warnOfNoStorage(error: StorageError): void {
  const { message, hint } = describeError(error);
  const text = `NOTHING IS SAVED: ${message}${hint === undefined ? '' : `\n${hint}`}`;
  createNotices(process.stderr).warn(text);
}
