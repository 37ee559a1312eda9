import {
  findContextTokens,
  findModel,
  SessionContext,
  type ContextSettings,
  type ModelLimits,
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
  return new SessionContext({
    sessions,
    attachments,
    sessionId: session.id,
    systemPrompt: session.systemPrompt,
    answerer: { provider: setup.name, model: setup.model },
    limits: limitsOf(app, setup),
    settings: contextSettings(app),
  });
}

export function limitsOf(
  { settings }: Pick<App, 'settings'>,
  { name, model, maxOutputTokens }: ProviderSetup,
): ModelLimits {
  return {
    contextTokens: findContextTokens(name, model, settings.prices),
    maxOutputTokens: maxOutputTokens ?? findModel(name, model)?.maxOutputTokens ?? null,
  };
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
