import type { ModelProvider } from '@synapse/core';
import {
  createFetch,
  streamAnswer,
  toProviderError,
  type LeanResponse,
} from '@synapse/provider-http';
import { ChatReader } from './chat/from-chat-events.ts';
import { COMPATIBLE_QUIRKS, OPENAI_QUIRKS } from './chat/chat-quirks.ts';
import { toChatRequest } from './chat/to-chat-request.ts';
import { fromOpenAiModel } from './from-openai-model.ts';
import { createClient } from './create-client.ts';
import type { OpenAiOptions } from './openai-options.ts';
import { ResponsesReader } from './responses/from-responses-events.ts';
import { toResponsesRequest } from './responses/to-responses-request.ts';

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
  let created: ReturnType<typeof createClient> | undefined;
  const client = () => (created ??= createClient(options, fetch));

  return {
    name,

    stream(request, signal) {
      const isChat = dialect === 'chat';
      return streamAnswer({
        ...context,
        signal,
        idleTimeoutMs,
        reader: isChat
          ? new ChatReader(context, request.model)
          : new ResponsesReader(context, request.model),
        open: async () => {
          const loading = client();
          const path = isChat ? '/chat/completions' : '/responses';
          const body = isChat
            ? toChatRequest(request, options, quirks)
            : toResponsesRequest(request, options);
          const answer = (await loading).post(path, { body, stream: true, signal });
          return (await answer.asResponse()) as unknown as LeanResponse;
        },
      });
    },

    async listModels(signal) {
      try {
        const models = [];
        for await (const model of (await client()).models.list({ signal })) {
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
