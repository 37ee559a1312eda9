import { redactPasswords, SynapseError } from '@synapse/core';
import { currentLog } from '../logging/current-log.ts';
import { mapStack } from './map-stack.ts';

/** The code of any error that is not a SynapseError. */
export const BUG = 'SYNAPSE_BUG';

export interface Failure {
  code: string;
  message: string;
  /** Ends with the text of the action, if there is one. */
  hint?: string | undefined;
  action?: SynapseError['action'];
}

/**
 * Describes an error for every interface: with its own code, or that of a bug. Passwords in addresses are
 * removed, since an error may quote what the user wrote.
 */
export function describeFailure(error: unknown): Failure {
  const { code, message, hint, action } =
    error instanceof SynapseError ? error : describeBug(error);
  return { code, message: redactPasswords(message), hint: hint && redactPasswords(hint), action };
}

function describeBug(error: unknown): Failure {
  const log = currentLog();
  const cause = error instanceof Error ? mapStack(error.stack ?? error.message) : String(error);
  return {
    code: BUG,
    message: `This is a bug in Synapse: ${cause}`,
    hint: log
      ? `The log has details: ${log.file}`
      : 'It happened before logging started. Please report the command that you ran.',
  };
}
