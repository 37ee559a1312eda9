import {
  toRequestMessages,
  type Message,
  type ModelRequest,
  type OutputSchema,
  type ProviderSetup,
  type Session,
  type Store,
  type StoredMessage,
  type ToolDefinition,
} from '@synapse/core';

const PAGE = 500;

export interface RequestSources {
  session: Pick<Session, 'systemPrompt'> & { id: string | null };
  setup: ProviderSetup;
  tools: readonly ToolDefinition[];
  outputSchema: OutputSchema | null;
  /** Comes behind what the session holds, without being stored. */
  added?: readonly StoredMessage[];
}

/** The request that a session makes now. */
export async function buildRequest(
  store: Pick<Store, 'sessions' | 'attachments'>,
  { session, setup, tools, outputSchema, added = [] }: RequestSources,
): Promise<ModelRequest> {
  const stored = session.id === null ? [] : await allMessages(store, session.id);
  return {
    model: setup.model,
    systemPrompt: session.systemPrompt,
    messages: await toRequestMessages([...stored, ...added], store.attachments, {
      provider: setup.name,
      model: setup.model,
    }),
    tools,
    maxOutputTokens: setup.maxOutputTokens,
    temperature: setup.temperature,
    outputSchema,
    cacheKey: session.id,
  };
}

async function allMessages(
  { sessions }: Pick<Store, 'sessions'>,
  sessionId: string,
): Promise<Message[]> {
  const messages: Message[] = [];
  for (let after = 0; ;) {
    const page = await sessions.messages(sessionId, { limit: PAGE, after });
    messages.push(...page);
    if (page.length < PAGE) return messages;
    after = page.at(-1)?.seq ?? 0;
  }
}
