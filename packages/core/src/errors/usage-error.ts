import { SynapseError } from './synapse-error.ts';

/** Synapse does not know the command or the flag, or a value is invalid. */
export class UsageError extends SynapseError {
  override readonly code = 'SYNAPSE_USAGE';
}
