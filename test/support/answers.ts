import { ProviderError, type StreamEvent } from '@synapse/core';
import { ScriptedProvider, text, turnEnd } from '../fakes/scripted-provider.ts';

export function textAnswer(delta: string): StreamEvent[] {
  return [text(delta), turnEnd];
}

/** A scripted provider among several. */
export function providerNamed(
  name: string,
  ...scripts: ConstructorParameters<typeof ScriptedProvider>
): ScriptedProvider {
  return Object.assign(new ScriptedProvider(...scripts), { name });
}

export function failure(
  reason: ProviderError['reason'],
  options: { provider?: string; retryAfterMs?: number; isRetryable?: boolean } = {},
): ProviderError {
  const { provider = 'acme', retryAfterMs, isRetryable = true } = options;
  return new ProviderError(`It failed: ${reason}.`, {
    provider,
    reason,
    retryAfterMs,
    isRetryable,
  });
}
