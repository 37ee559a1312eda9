import type { ModelProvider } from '@synapse/core';
import {
  createFetch,
  environmentHeaders,
  streamAnswer,
  toProviderError,
  type LeanResponse,
} from '@synapse/provider-http';
import type { AnthropicOptions } from './anthropic-options.ts';
import { AnthropicReader } from './from-anthropic-events.ts';
import { fromAnthropicModel } from './from-anthropic-model.ts';
import { toAnthropicRequest } from './to-anthropic-request.ts';

const BASE_URL = 'https://api.anthropic.com';
/** The longest that a timer of Node can be set to: the time-outs are the transport's. */
const NEVER_MS = 2 ** 31 - 1;
const MODELS_PER_PAGE = 1000;
/** Later versions of the API refuse every temperature, also the usual one. */
const WITH_TEMPERATURE = { 'anthropic-version': '2023-06-01' };

/** Models of the Messages API, at Anthropic or at a server that speaks the same. */
export function createAnthropicProvider(options: AnthropicOptions): ModelProvider {
  const { name, apiKey, connectTimeoutMs = 10_000, idleTimeoutMs = 120_000 } = options;
  const context = {
    provider: name,
    secrets: [apiKey ?? '', ...Object.values(options.headers ?? {})],
  };
  const fetch = createFetch({ ...context, connectTimeoutMs, idleTimeoutMs });

  const openClient = async () => {
    const { Anthropic } = await import('@anthropic-ai/sdk');
    return new Anthropic({
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
  };
  let client: ReturnType<typeof openClient> | undefined;

  return {
    name,

    stream(request, signal) {
      return streamAnswer({
        ...context,
        signal,
        idleTimeoutMs,
        reader: new AnthropicReader(context, request.model),
        open: async () => {
          client ??= openClient();
          const body = toAnthropicRequest(request, options);
          // Not messages.create: that writes its advice about models to the console.
          const settings = {
            body,
            stream: true,
            signal,
            ...('temperature' in body && { headers: WITH_TEMPERATURE }),
          };
          const answer = (await client).post('/v1/messages', settings);
          return (await answer.asResponse()) as unknown as LeanResponse;
        },
      });
    },

    async listModels(signal) {
      try {
        client ??= openClient();
        const models = [];
        const pages = (await client).models.list({ limit: MODELS_PER_PAGE }, { signal });
        for await (const model of pages) models.push(fromAnthropicModel(model));
        return models;
      } catch (error) {
        signal.throwIfAborted();
        throw toProviderError(error, context);
      }
    },
  };
}
