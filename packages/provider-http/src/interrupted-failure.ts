import { ProviderError } from '@synapse/core';

/** The connection was closed before the answer was complete. */
export function interruptedFailure(provider: string): ProviderError {
  return new ProviderError(`${provider} ended the connection in the middle of its answer.`, {
    provider,
    reason: 'network',
    isRetryable: true,
    hint: 'Ask again; the answer so far is stored.',
  });
}
