import { ProviderError, type ModelRequest, type StreamEvent, type TurnEnd } from '@synapse/core';

export const turnEnd: TurnEnd = {
  type: 'turn-end',
  finishReason: { unified: 'stop', raw: 'stop' },
  usage: null,
  model: 'model-1',
};

export function textAnswer(text: string): StreamEvent[] {
  return [{ type: 'text-delta', text }, turnEnd];
}

export function plainRequest(model = 'model'): ModelRequest {
  return {
    model,
    systemPrompt: null,
    messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hello' }] }],
    tools: [],
    maxOutputTokens: null,
    temperature: null,
    outputSchema: null,
    cacheKey: null,
  };
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

/** The events up to the end, and the error, if it ended in one. */
export async function collectStream(
  stream: AsyncIterable<StreamEvent>,
): Promise<{ events: StreamEvent[]; error: unknown }> {
  const events: StreamEvent[] = [];
  try {
    for await (const event of stream) events.push(event);
  } catch (error) {
    return { events, error };
  }
  return { events, error: undefined };
}
