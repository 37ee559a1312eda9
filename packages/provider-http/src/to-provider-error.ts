import { ProviderError } from '@synapse/core';
import type { ProviderContext } from './provider-context.ts';
import { redact } from './redact.ts';
import { TransportError } from './network-failure.ts';

/** Converts any error of an SDK, the transport or a translation to a ProviderError. */
export function toProviderError(error: unknown, context: ProviderContext): ProviderError {
  for (let current = error; current instanceof Error; current = current.cause) {
    if (current instanceof ProviderError) return current;
    if (current instanceof TransportError) return current.failure;
  }
  const said = error instanceof Error ? error.message : String(error);
  const shown = redact(said, context.secrets);
  return new ProviderError(`The request to ${context.provider} failed: ${shown}`, {
    provider: context.provider,
    reason: 'invalid-request',
    isRetryable: false,
    hint: 'Check the settings of this provider.',
    // An error about a header quotes the key, and logs include causes.
    ...(shown === said && { cause: error }),
  });
}
