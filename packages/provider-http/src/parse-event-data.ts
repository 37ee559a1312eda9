import { ProviderError } from '@synapse/core';
import { parseObject } from './read-json.ts';

export type EventData = Record<string, unknown>;

/** The event that ends a stream of Chat Completions; the only one that is not JSON. */
export const DONE = '[DONE]';

/** The JSON object in an event. */
export function parseEventData(data: string, provider: string): EventData {
  let cause: unknown;
  try {
    const value = parseObject(data);
    if (value) return value;
  } catch (error) {
    if (data.startsWith(DONE)) return { type: DONE };
    cause = error;
  }
  throw new ProviderError(
    `${provider} sent an event that is not a JSON object, or is nested too deeply.`,
    {
      provider,
      reason: 'invalid-response',
      isRetryable: true,
      hint: 'Try again; if it happens every time, check the base URL and the dialect.',
      cause,
    },
  );
}
