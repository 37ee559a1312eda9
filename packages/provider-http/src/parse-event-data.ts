import { ProviderError } from '@synapse/core';
import { parseObject } from './parse-object.ts';

export type EventData = Record<string, unknown>;

/** The JSON object that an event holds. */
export function parseEventData(data: string, provider: string): EventData {
  let cause: unknown;
  try {
    const value = parseObject(data);
    if (value) return value;
  } catch (error) {
    cause = error;
  }
  throw new ProviderError(
    `${provider} sent an event that is no JSON object, or one too deep to be read.`,
    {
      provider,
      reason: 'invalid-response',
      isRetryable: true,
      hint: 'Ask again; if it happens every time, check the base URL and the dialect.',
      cause,
    },
  );
}
