import { environmentHeaders, type MinimalFetch } from '@synapse/provider-http';
import type { Anthropic } from '@anthropic-ai/sdk';
import type { AnthropicOptions } from './anthropic-options.ts';

const BASE_URL = 'https://api.anthropic.com';
/** The longest delay of a Node timer, so that only the time limits of the transport apply. */
const NEVER_MS = 2 ** 31 - 1;

/** Creates the client of the SDK, which is loaded on demand; its requests use our `fetch`. */
export async function createClient(
  options: AnthropicOptions,
  fetch: MinimalFetch,
): Promise<Anthropic> {
  const { apiKey } = options;
  const { Anthropic: Client } = await import('@anthropic-ai/sdk');
  return new Client({
    // Never undefined or null: the SDK would look for credentials by itself.
    apiKey: apiKey ?? '',
    baseURL: options.baseUrl ?? BASE_URL,
    maxRetries: 0,
    timeout: NEVER_MS,
    logLevel: 'off',
    openTelemetry: false,
    // Our response implements only the part of Response that the SDK uses.
    fetch: fetch as unknown as typeof globalThis.fetch,
    defaultHeaders: {
      ...environmentHeaders('ANTHROPIC_CUSTOM_HEADERS'),
      authorization: null,
      'x-api-key': apiKey,
      ...options.headers,
    },
  });
}
