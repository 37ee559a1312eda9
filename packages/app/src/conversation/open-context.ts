import type { Session, Store } from '@synapse/core';
import {
  SessionContext,
  type ContextSettings,
  Toolbox,
  type TurnTools,
} from '@synapse/core/conversation';
import type { ProviderSetup } from '@synapse/core/models';
import { limitsFor } from '../models/limits-for.ts';
import type { App } from '../wiring.ts';

/** The context of a session for requests to this model; `tools` are those of the next request. */
export function openContext(
  app: Pick<App, 'settings' | 'logger' | 'places'>,
  { sessions, attachments }: Pick<Store, 'sessions' | 'attachments'>,
  session: Pick<Session, 'systemPrompt'> & { id: string | null },
  setup: ProviderSetup,
  tools: () => TurnTools | undefined = () => undefined,
): SessionContext {
  const answerer = { provider: setup.name, model: setup.model };
  const { id: sessionId, systemPrompt } = session;
  return new SessionContext({
    ...{ sessions, attachments, sessionId, systemPrompt, answerer },
    limits: limitsFor(app, setup),
    settings: contextSettings(app),
    listTools: async () => {
      const offered = tools();
      return offered ? Toolbox.known(offered, app.logger) : [];
    },
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
