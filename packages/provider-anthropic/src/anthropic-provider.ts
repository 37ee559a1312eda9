import type { Anthropic } from '@anthropic-ai/sdk';
import type { ModelProvider } from '@synapse/core';
import { findFacts, withModelFacts } from '@synapse/core/models';
import {
  createFetch,
  streamAnswer,
  toProviderError,
  type MinimalResponse,
  environmentHeaders,
  type MinimalFetch,
} from '@synapse/provider-http';
import type { AnthropicOptions } from './anthropic-options.ts';
import { AnthropicReader } from './from-anthropic-events.ts';
import { fromAnthropicModel } from './from-anthropic-model.ts';
import { toAnthropicRequest } from './to-anthropic-request.ts';

const BASE_URL = 'https://api.anthropic.com';
/** The longest delay of a Node timer, so that only the time limits of the transport apply. */
const NEVER_MS = 2 ** 31 - 1;

const MODELS_PER_PAGE = 1000;
/** Later versions of the API refuse every temperature, even the default. */
const WITH_TEMPERATURE = { 'anthropic-version': '2023-06-01' };

/** Models of the Messages API, from Anthropic or from a compatible server. */
export function createAnthropicProvider(options: AnthropicOptions): ModelProvider {
  const { name, apiKey, environment, connectTimeoutMs = 10_000, idleTimeoutMs } = options;
  const context = {
    provider: name,
    secrets: [apiKey ?? '', ...Object.values(options.headers ?? {})],
  };
  const fetch = createFetch({ ...context, environment, connectTimeoutMs, idleTimeoutMs });
  const factsOf = options.factsOf ?? ((model) => findFacts(name, model));
  let created: ReturnType<typeof createClient> | undefined;
  const client = () => (created ??= createClient(options, fetch));

  const provider: ModelProvider = {
    name,

    stream(request, signal) {
      return streamAnswer({
        ...context,
        signal,
        idleTimeoutMs,
        reader: new AnthropicReader(context, request.model),
        open: async () => {
          const loading = client();
          const body = toAnthropicRequest(request, options, factsOf(request.model));
          // Not messages.create: that writes its advice about models to the console.
          const settings = {
            body,
            stream: true,
            signal,
            ...('temperature' in body && { headers: WITH_TEMPERATURE }),
          };
          const answer = (await loading).post('/v1/messages', settings);
          return (await answer.asResponse()) as unknown as MinimalResponse;
        },
      });
    },

    async listModels(signal) {
      try {
        const models = [];
        const pages = (await client()).models.list({ limit: MODELS_PER_PAGE }, { signal });
        for await (const model of pages) models.push(fromAnthropicModel(model));
        return models;
      } catch (error) {
        signal.throwIfAborted();
        throw toProviderError(error, context);
      }
    },
  };
  return withModelFacts(provider, factsOf);
}

/** Creates the client of the SDK, which is loaded on demand; its requests use our `fetch`. */
async function createClient(options: AnthropicOptions, fetch: MinimalFetch): Promise<Anthropic> {
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
