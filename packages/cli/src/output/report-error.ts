import { redactPasswords, SynapseError } from '@synapse/core';
import { toSafeText } from '@synapse/terminal';
import { exitCodeOf, type ExitCode } from '../exit-codes.ts';
import { currentLog } from '../logging/current-log.ts';
import { SignalError, UnwritableOutputError } from './interrupts.ts';
import { mapStack } from './map-stack.ts';
import { printJson } from './print-json.ts';

export interface ReportedError {
  code: string;
  exitCode: ExitCode;
  message: string;
  hint?: string | undefined;
}

/**
 * What a failure is called outside: the error's own code, or that of a bug. An error may quote what the
 * person wrote, and an address with its password in it.
 */
export function describeError(error: unknown): ReportedError {
  const { message, hint, ...rest } = nameError(error);
  return { ...rest, message: redactPasswords(message), hint: hint && redactPasswords(hint) };
}

function nameError(error: unknown): ReportedError {
  if (error instanceof SynapseError) {
    const { code, message, hint } = error;
    const hasOwn = error instanceof SignalError || error instanceof UnwritableOutputError;
    const exitCode = hasOwn ? error.exitCode : exitCodeOf(code);
    return { code, exitCode, message, hint };
  }
  const log = currentLog();
  const cause = error instanceof Error ? mapStack(error.stack ?? error.message) : String(error);
  return {
    code: 'SYNAPSE_BUG',
    exitCode: 1,
    message: `This is a bug in Synapse: ${cause}`,
    hint: log
      ? `What happened before is in the log: ${log.file}`
      : 'It happened before anything could be logged; please tell how it came about.',
  };
}

let sessionId: string | undefined;

/** Failures are reported with this stored session from now on. */
export function noteSession(id: string): void {
  sessionId = id;
}

/** Tells what went wrong: as the last JSON object on stdout for programs, on stderr for people. */
export function reportError(error: unknown, format: 'text' | 'json'): ExitCode {
  const { exitCode, hint, ...rest } = describeError(error);
  if (exitCode === 1) currentLog()?.logger.error({}, rest.message);
  if (format === 'json') {
    printJson(process.stdout, { type: 'error', ...rest, exitCode, hint, session: sessionId });
  } else {
    const advice = hint ? `\n${hint}`.replaceAll('\n', '\n  ') : '';
    process.stderr.write(`synapse: ${toSafeText(`${rest.message}${advice}`)}\n`);
  }
  return exitCode;
}
