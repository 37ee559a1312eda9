import {
  costOf,
  findPrice,
  holdLease,
  newId,
  runTurn,
  titleFrom,
  toRequestMessages,
  type HeldLease,
  type Message,
  type ModelProvider,
  type ModelRequest,
  type Part,
  type ProviderSetup,
  type Session,
  type Store,
  type ToolDefinition,
  type TurnTools,
} from '@synapse/core';
import type { RunningCleanup } from '../cleanup/start-cleanup-beside.ts';
import { isProcessAlive, thisProcess } from '../process-identity.ts';
import type { App } from '../wiring.ts';
import type { OneShotOutput } from './one-shot-output.ts';

const PAGE = 500;

export interface OneShot {
  parts: Part[];
  /** The session to go on with, or what to make. */
  session: Session | NewSessionWish;
  provider: ModelProvider;
  setup: ProviderSetup;
  tools: TurnTools | undefined;
  output: OneShotOutput;
  signal: AbortSignal;
  /** Begins, with the first words of the answer, what nobody should have to wait for. */
  startBeside: () => RunningCleanup;
}

export interface NewSessionWish {
  isNew: true;
  handle: string | null;
  systemPrompt: string | null;
}

/** Asks once, within a session that exists or is made for it. */
export async function runOneShot(app: App, store: Store, shot: OneShot): Promise<void> {
  const { output, provider, setup, signal } = shot;
  const session = await openSession(app, store, shot);
  const held = await hold(app, store, session);
  let beside: RunningCleanup | undefined;
  try {
    output.begin(session, 'isNew' in shot.session);
    const turn = runTurn({
      sessions: store.sessions,
      sessionId: session.id,
      lease: held.lease,
      provider,
      model: setup.model,
      parts: shot.parts,
      buildRequest: (tools) => buildRequest(store, session, setup, tools),
      tools: shot.tools,
      costOf: (usage, name, model) =>
        costOf(usage, findPrice(name, model, usage.inputTokens, app.settings.prices)),
      clock: app.clock,
      logger: app.logger,
      signal,
    });
    for await (const event of turn) {
      await output.event(event);
      if (event.type === 'text-delta') beside ??= shot.startBeside();
      if (event.type === 'turn-result') {
        await output.end({ session, ...event });
      }
    }
  } catch (error) {
    output.fail();
    throw error;
  } finally {
    await beside?.finish();
    await held.release();
  }
}

/** The session itself; one that goes on with another model keeps that. */
async function openSession(
  { clock }: App,
  { sessions }: Store,
  { session, parts, setup: { name: provider, model } }: OneShot,
): Promise<Session> {
  if (!('isNew' in session)) {
    if (session.provider === provider && session.model === model) return session;
    return sessions.update(session.id, { provider, model });
  }
  return sessions.create({
    id: newId(),
    handle: session.handle,
    title: titleFrom(parts),
    provider,
    model,
    systemPrompt: session.systemPrompt,
    workingDirectory: process.cwd(),
    createdAt: clock.now(),
  });
}

function hold({ clock, logger }: App, { sessions }: Store, session: Session): Promise<HeldLease> {
  return holdLease({
    sessions,
    sessionId: session.id,
    holder: thisProcess(),
    clock,
    logger,
    isAlive: isProcessAlive,
  });
}

async function buildRequest(
  store: Store,
  session: Session,
  setup: ProviderSetup,
  tools: readonly ToolDefinition[],
): Promise<ModelRequest> {
  const messages: Message[] = [];
  for (let after = 0; ;) {
    const page = await store.sessions.messages(session.id, { limit: PAGE, after });
    messages.push(...page);
    if (page.length < PAGE) break;
    after = page.at(-1)?.seq ?? 0;
  }
  return {
    model: setup.model,
    systemPrompt: session.systemPrompt,
    messages: await toRequestMessages(messages, store.attachments, {
      provider: setup.name,
      model: setup.model,
    }),
    tools,
    maxOutputTokens: setup.maxOutputTokens,
    temperature: setup.temperature,
    outputSchema: null,
    cacheKey: session.id,
  };
}
