import type {
  ModelRequest,
  OutputSchema,
  ProviderSetup,
  RequestFrame,
  SessionContext,
} from '@synapse/core';

export interface RequestShape extends Pick<RequestFrame, 'added'> {
  tools: ModelRequest['tools'];
  setup: ProviderSetup;
  outputSchema: OutputSchema | null;
}

/** The request that a session makes now; without a `writer`, nothing is noted of it. */
export async function buildRequest(
  context: SessionContext,
  { setup, outputSchema, ...frame }: RequestShape,
  writer: Parameters<SessionContext['messages']>[1],
): Promise<ModelRequest> {
  const { sessionId, systemPrompt } = context.options;
  return {
    model: setup.model,
    systemPrompt,
    messages: await context.messages(frame, writer),
    tools: frame.tools,
    maxOutputTokens: setup.maxOutputTokens,
    temperature: setup.temperature,
    outputSchema,
    cacheKey: sessionId,
  };
}
