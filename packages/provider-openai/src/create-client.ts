import { environmentHeaders, type MinimalFetch } from '@synapse/provider-http';
import type { OpenAI } from 'openai';
import type { OpenAiOptions } from './openai-options.ts';

const BASE_URL = 'https://api.openai.com/v1';
/** The longest delay of a Node timer, so that only the time limits of the transport apply. */
const NEVER_MS = 2 ** 31 - 1;

/** Creates the client of the SDK, which is loaded on demand; its requests use our `fetch`. */
export async function createClient(options: OpenAiOptions, fetch: MinimalFetch): Promise<OpenAI> {
  const { apiKey } = options;
  const { OpenAI: Client } = await import('openai');
  return new Client({
    // Set explicitly, so that the SDK looks up nothing in the environment.
    apiKey: apiKey ?? 'none',
    adminAPIKey: null,
    organization: null,
    project: null,
    baseURL: options.baseUrl ?? BASE_URL,
    maxRetries: 0,
    timeout: NEVER_MS,
    logLevel: 'off',
    // Our response implements only the part of Response that the SDK uses.
    fetch: fetch as unknown as typeof globalThis.fetch,
    defaultQuery: options.query,
    defaultHeaders: {
      ...environmentHeaders('OPENAI_CUSTOM_HEADERS'),
      authorization: apiKey === null ? null : `Bearer ${apiKey}`,
      ...options.headers,
    },
  });
}
