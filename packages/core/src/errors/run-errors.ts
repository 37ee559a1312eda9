import { SynapseError } from './synapse-error.ts';

/** The user, or a signal, stopped the run; the text received so far is kept. */
export class InterruptedError extends SynapseError {
  override readonly code = 'SYNAPSE_INTERRUPTED';
}

/** A limit that the user set was reached: rounds, money, time. */
export class LimitReachedError extends SynapseError {
  override readonly code = 'SYNAPSE_LIMIT_REACHED';
}

/** The messages that must be sent exceed the largest request. */
export class ContextFullError extends SynapseError {
  override readonly code = 'SYNAPSE_CONTEXT_FULL';
}

/** A policy refused, or no user was there to give a required approval. */
export class NotPermittedError extends SynapseError {
  override readonly code = 'SYNAPSE_NOT_PERMITTED';
}

/** A file or text that the user passed is invalid. */
export class InvalidDataError extends SynapseError {
  override readonly code = 'SYNAPSE_INVALID_DATA';
}

/** A file that the user named does not exist or can't be read. */
export class FileNotFoundError extends SynapseError {
  override readonly code = 'SYNAPSE_FILE_NOT_FOUND';
}
