import { environmentHeaders, type LeanFetch } from '@synapse/provider-http';
import type { OpenAI } from 'openai';
import type { OpenAiOptions } from './openai-options.ts';

const BASE_URL = 'https://api.openai.com/v1';
/** The longest that a timer of Node can be set to: the time-outs are the transport's. */
const NEVER_MS = 2 ** 31 - 1;

/** The client of the SDK, which is loaded for it; the requests go through our `fetch`. */
export async function createClient(options: OpenAiOptions, fetch: LeanFetch): Promise<OpenAI> {
  const { apiKey } = options;
  const { OpenAI: Client } = await import('openai');
  return new Client({
    // Nothing is left for the SDK to look up in the environment.
    apiKey: apiKey ?? 'none',
    adminAPIKey: null,
    organization: null,
    project: null,
    baseURL: options.baseUrl ?? BASE_URL,
    maxRetries: 0,
    timeout: NEVER_MS,
    logLevel: 'off',
    // The part of a Response that the SDK uses is the part that there is.
    fetch: fetch as unknown as typeof globalThis.fetch,
    defaultQuery: options.query,
    defaultHeaders: {
      ...environmentHeaders('OPENAI_CUSTOM_HEADERS'),
      authorization: apiKey === null ? null : `Bearer ${apiKey}`,
      ...options.headers,
    },
  });
}
