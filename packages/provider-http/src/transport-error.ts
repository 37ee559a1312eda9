import type { ProviderError } from '@synapse/core';

/**
 * Carries a failure through an SDK unchanged: SDKs guess the kind of an error by its words, and
 * drop those that sound like a time-out.
 */
export class TransportError extends Error {
  readonly failure: ProviderError;

  constructor(failure: ProviderError) {
    super('The transport failed.');
    this.name = 'TransportError';
    this.failure = failure;
  }
}
