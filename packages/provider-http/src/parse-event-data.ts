import { ProviderError } from '@synapse/core';
import { isNestedTooDeep } from './is-nested-too-deep.ts';

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
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (isObject && !isNestedTooDeep(value)) return value as EventData;
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
