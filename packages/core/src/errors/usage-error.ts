import { SynapseError } from './synapse-error.ts';

/** The command, a flag or a value is not one that Synapse understands. */
export class UsageError extends SynapseError {
  override readonly code = 'SYNAPSE_USAGE';
}
