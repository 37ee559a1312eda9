import { SynapseError } from './synapse-error.ts';

/** The person, or a signal, stopped the run; what was said so far is kept. */
export class InterruptedError extends SynapseError {
  override readonly code = 'SYNAPSE_INTERRUPTED';
}

/** A limit that the person set was reached: rounds, money, time. */
export class LimitReachedError extends SynapseError {
  override readonly code = 'SYNAPSE_LIMIT_REACHED';
}

/** What must be sent does not fit into what a request may hold. */
export class ContextFullError extends SynapseError {
  override readonly code = 'SYNAPSE_CONTEXT_FULL';
}

/** A policy refused, or approval was needed and nobody was there to give it. */
export class NotPermittedError extends SynapseError {
  override readonly code = 'SYNAPSE_NOT_PERMITTED';
}

/** A file or text that was handed in is not what it should be. */
export class InvalidDataError extends SynapseError {
  override readonly code = 'SYNAPSE_INVALID_DATA';
}

/** A file that was named does not exist or can't be read. */
export class FileNotFoundError extends SynapseError {
  override readonly code = 'SYNAPSE_FILE_NOT_FOUND';
}
