import {
  messagePages,
  toRequestMessages,
  type Message,
  type ModelRequest,
  type ProviderSetup,
  type Session,
  type Store,
} from '@synapse/core';

/** The request that goes on with all that the session holds. */
export async function buildRequest(
  store: Store,
  session: Session,
  setup: ProviderSetup,
): Promise<ModelRequest> {
  const messages: Message[] = [];
  for await (const page of messagePages(store.sessions, session.id)) messages.push(...page);
  return {
    model: setup.model,
    systemPrompt: session.systemPrompt,
    messages: await toRequestMessages(messages, store.attachments, {
      provider: setup.name,
      model: setup.model,
    }),
    tools: [],
    maxOutputTokens: setup.maxOutputTokens,
    temperature: setup.temperature,
    outputSchema: null,
    cacheKey: session.id,
  };
}
