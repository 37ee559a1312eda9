import { environmentHeaders, type LeanFetch } from '@synapse/provider-http';
import type { Anthropic } from '@anthropic-ai/sdk';
import type { AnthropicOptions } from './anthropic-options.ts';

const BASE_URL = 'https://api.anthropic.com';
/** The longest that a timer of Node can be set to: the time-outs are the transport's. */
const NEVER_MS = 2 ** 31 - 1;

/** The client of the SDK, which is loaded for it; the requests go through our `fetch`. */
export async function createClient(
  options: AnthropicOptions,
  fetch: LeanFetch,
): Promise<Anthropic> {
  const { apiKey } = options;
  const { Anthropic: Client } = await import('@anthropic-ai/sdk');
  return new Client({
    // Never undefined or null: the SDK would go and look for credentials by itself.
    apiKey: apiKey ?? '',
    baseURL: options.baseUrl ?? BASE_URL,
    maxRetries: 0,
    timeout: NEVER_MS,
    logLevel: 'off',
    openTelemetry: false,
    // The part of a Response that the SDK uses is the part that there is.
    fetch: fetch as unknown as typeof globalThis.fetch,
    defaultHeaders: {
      ...environmentHeaders('ANTHROPIC_CUSTOM_HEADERS'),
      authorization: null,
      'x-api-key': apiKey,
      ...options.headers,
    },
  });
}
