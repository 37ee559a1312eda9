import { ProviderError } from '@synapse/core';

/** The connection was closed before the answer was complete. */
export function interruptedFailure(provider: string): ProviderError {
  return new ProviderError(`${provider} broke off in the middle of its answer.`, {
    provider,
    reason: 'network',
    isRetryable: true,
    hint: 'Ask again; what was said so far is kept.',
  });
}
