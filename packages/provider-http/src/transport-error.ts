import type { ProviderError } from '@synapse/core';

/**
 * Carries a failure through an SDK unharmed: the SDKs guess at the kind of an error from its words
 * and drop those that sound like a time-out.
 */
export class TransportError extends Error {
  readonly failure: ProviderError;

  constructor(failure: ProviderError) {
    super('The transport failed.');
    this.name = 'TransportError';
    this.failure = failure;
  }
}
