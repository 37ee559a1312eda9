import { ProviderError } from '@synapse/core';

export type EventData = Record<string, unknown>;

/** The JSON object that an event holds. */
export function parseEventData(data: string, provider: string): EventData {
  let value: unknown;
  let cause: unknown;
  try {
    value = JSON.parse(data);
  } catch (error) {
    cause = error;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as EventData;
  }
  throw new ProviderError(`${provider} sent an event that is no JSON object.`, {
    provider,
    reason: 'invalid-response',
    isRetryable: true,
    hint: 'Ask again; if it happens every time, check the base URL and the dialect.',
    cause,
  });
}
