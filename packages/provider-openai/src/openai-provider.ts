import type { ModelProvider } from '@synapse/core';
import {
  createFetch,
  environmentHeaders,
  streamAnswer,
  toProviderError,
  type LeanResponse,
} from '@synapse/provider-http';
import { ChatReader } from './chat/from-chat-events.ts';
import { COMPATIBLE_QUIRKS, OPENAI_QUIRKS } from './chat/chat-quirks.ts';
import { toChatRequest } from './chat/to-chat-request.ts';
import { fromOpenAiModel } from './from-openai-model.ts';
import type { OpenAiOptions } from './openai-options.ts';
import { ResponsesReader } from './responses/from-responses-events.ts';
import { toResponsesRequest } from './responses/to-responses-request.ts';

const BASE_URL = 'https://api.openai.com/v1';
/** The longest that a timer of Node can be set to: the time-outs are the transport's. */
const NEVER_MS = 2 ** 31 - 1;

/** Models of OpenAI, and of every server that speaks one of its dialects. */
export function createOpenAiProvider(options: OpenAiOptions): ModelProvider {
  const { name, apiKey, dialect, connectTimeoutMs = 10_000, idleTimeoutMs = 120_000 } = options;
  const context = {
    provider: name,
    secrets: [apiKey ?? '', ...Object.values(options.headers ?? {})],
  };
  const usual = options.baseUrl === undefined ? OPENAI_QUIRKS : COMPATIBLE_QUIRKS;
  const quirks = { ...usual, ...options.quirks };
  const fetch = createFetch({ ...context, connectTimeoutMs, idleTimeoutMs });

  const openClient = async () => {
    const { OpenAI } = await import('openai');
    return new OpenAI({
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
  };
  let client: ReturnType<typeof openClient> | undefined;

  return {
    name,

    stream(request, signal) {
      const isChat = dialect === 'chat';
      return streamAnswer({
        ...context,
        signal,
        idleTimeoutMs,
        reader: isChat
          ? new ChatReader(context, request.model, quirks)
          : new ResponsesReader(context, request.model),
        open: async () => {
          client ??= openClient();
          const path = isChat ? '/chat/completions' : '/responses';
          const body = isChat
            ? toChatRequest(request, options, quirks)
            : toResponsesRequest(request, options);
          const answer = (await client).post(path, { body, stream: true, signal });
          return (await answer.asResponse()) as unknown as LeanResponse;
        },
      });
    },

    async listModels(signal) {
      try {
        client ??= openClient();
        const models = [];
        for await (const model of (await client).models.list({ signal })) {
          models.push(fromOpenAiModel(model));
        }
        return models;
      } catch (error) {
        signal.throwIfAborted();
        throw toProviderError(error, context);
      }
    },
  };
}
