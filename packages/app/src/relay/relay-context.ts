import type { ModelRequest } from '@synapse/core';
import { toRequestMessages, type TurnContext } from '@synapse/core/conversation';
import type { ProviderSetup } from '@synapse/core/models';
import type { RelayedRequest } from './relayed-request.ts';

/**
 * Makes the request of a turn from what the client sent: it may have shortened its conversation, and
 * decides itself what the model sees.
 */
export function relayContext(
  request: RelayedRequest,
  setup: Pick<ProviderSetup, 'name' | 'model'>,
  cacheKey: string | null,
): TurnContext {
  return {
    async request(shape) {
      const messages = await toRequestMessages(request.messages, {
        get: async (sha256) => request.contents.get(sha256),
      });
      return withOptions(request, {
        ...{ model: setup.model, systemPrompt: request.systemPrompt, messages, tools: [] },
        outputSchema: null,
        maxOutputTokens: shape.maxOutputTokens ?? null,
        temperature: shape.temperature ?? null,
        cacheKey,
      });
    },
    tighten: () => false,
  };
}

/** Makes the request from the session, for a client that sends only what is new. */
export function storedContext(request: RelayedRequest, stored: TurnContext): TurnContext {
  return {
    request: async (shape, writer) => {
      const built = await stored.request({ ...shape, tools: request.tools }, writer);
      return withOptions(request, { ...built, systemPrompt: request.systemPrompt });
    },
    tighten: () => stored.tighten(),
  };
}

function withOptions(request: RelayedRequest, built: ModelRequest): ModelRequest {
  const { toolChoice, stopSequences, effort } = request;
  return {
    ...built,
    tools: request.tools,
    outputSchema: request.outputSchema,
    maxOutputTokens: request.maxOutputTokens ?? built.maxOutputTokens,
    temperature: request.temperature ?? built.temperature,
    ...(toolChoice !== null && { toolChoice }),
    ...(stopSequences.length > 0 && { stopSequences }),
    ...(effort !== null && { effort }),
  };
}
