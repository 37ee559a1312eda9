import { createApp, type App } from '@synapse/app/wiring';
import { RunRegistry, type RunRegistryOptions } from '@synapse/app/runs/run-registry';
import type { OpenRunAgent } from '@synapse/app/runs/agent-pool';
import type { RunNews } from '@synapse/app/runs/follow-run';
import { newId, type Clock, type Part, type Store, type ToolSource } from '@synapse/core';
import { createApprover, type ToolMode } from '@synapse/core/conversation';
import type { ScriptedProvider } from '../fakes/scripted-provider.ts';
import { aSession } from './samples.ts';

export const said = (text: string): Part[] => [{ type: 'text', text }];

/** A program without a user's files, in which every model is this provider. */
export async function appWith(provider: ScriptedProvider, clock?: Clock): Promise<App> {
  const app = await createApp({
    environment: { HOME: '/nonexistent', SYNAPSE_PROVIDER: 'demo' },
    here: '/nonexistent',
    flags: { 'session.generate_titles': 'false', 'log.level': 'silent' },
    verbose: null,
    notify: () => undefined,
  });
  const { setup } = await app.openModel({ provider: 'demo', model: 'demo' });
  return { ...app, ...(clock && { clock }), openModel: async () => ({ setup, provider }) };
}

export interface RunTestbed {
  app: App;
  store: Store;
  registry: RunRegistry;
  sessionId: string;
  /** Begins a run in the session. */
  start(text?: string, id?: string): Promise<string>;
}

export async function openRuns(
  store: Store,
  provider: ScriptedProvider,
  { clock, ...options }: Partial<RunRegistryOptions> & { clock?: Clock } = {},
): Promise<RunTestbed> {
  const app = await appWith(provider, clock);
  const registry = new RunRegistry({ app, store, openAgent: withTools([]), ...options });
  const { id: sessionId } = await store.sessions.create(aSession({ provider: 'demo' }));
  return {
    ...{ app, store, registry, sessionId },
    async start(text = 'question', id = newId()) {
      await registry.start({ id, sessionId, parts: said(text) });
      return id;
    },
  };
}

/** An agent with these tools, whose calls are all asked about. */
export function withTools(sources: readonly ToolSource[]): OpenRunAgent {
  return async (ask) => {
    let mode: ToolMode = 'none';
    const parseShell = async () => ({ commands: [], doubts: [] });
    const approver = createApprover({
      policy: () => ({ mode: 'all', rules: [], workingDirectory: '/', parseShell }),
      ask,
      remember: async () => undefined,
    });
    return {
      get tools() {
        return mode === 'none' ? undefined : { sources, approver, maxRounds: 5 };
      },
      limitTo: async () => undefined,
      switchTo: async (next) => {
        mode = next;
      },
      endSession: () => approver.endSession(),
      close: async () => undefined,
    };
  };
}

/** Reads the news of a run to the end, or until there are as many. */
export async function newsOf(
  registry: RunRegistry,
  id: string,
  { after = 0, count = Infinity } = {},
): Promise<RunNews[]> {
  const found: RunNews[] = [];
  if (count === 0) return found;
  for await (const news of registry.follow({ id }, after, new AbortController().signal)) {
    found.push(news);
    if (found.length >= count) break;
  }
  return found;
}

/** The text of the answer in these news. */
export function textIn(news: readonly RunNews[]): string {
  return news
    .flatMap((one) => (one.type === 'event' && one.event.type === 'text-delta' ? [one.event] : []))
    .map(({ data }) => (data as { text: string }).text)
    .join('');
}
