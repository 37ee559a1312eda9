import {
  limitsOf,
  SessionContext,
  type ContextSettings,
  type ProviderSetup,
  type Session,
  type Store,
} from '@synapse/core';
import type { App } from '../wiring.ts';

/** What of a session goes into its requests to this model. */
export function openContext(
  app: Pick<App, 'settings'>,
  { sessions, attachments }: Pick<Store, 'sessions' | 'attachments'>,
  session: Pick<Session, 'systemPrompt'> & { id: string | null },
  setup: ProviderSetup,
): SessionContext {
  const answerer = { provider: setup.name, model: setup.model };
  const { id: sessionId, systemPrompt } = session;
  return new SessionContext({
    ...{ sessions, attachments, sessionId, systemPrompt, answerer },
    limits: limitsOf(answerer, app.settings.prices, setup.maxOutputTokens),
    settings: contextSettings(app),
  });
}

function contextSettings({ settings: { context } }: Pick<App, 'settings'>): ContextSettings {
  return {
    strategy: context.strategy,
    maxTokens: context.max_tokens,
    maxMessages: context.max_messages,
    keepRecent: context.keep_recent,
    summarizeAt: context.summarize_at,
    pruneToolOutput: context.prune_tool_output,
  };
}
