import {
  findSession,
  holdLease,
  newId,
  parseHandle,
  resolveSession,
  runTurn,
  titleFrom,
  toRequestMessages,
  type HeldLease,
  type Message,
  type ModelProvider,
  type ModelRequest,
  type Part,
  type Session,
} from '@synapse/core';
import { isProcessAlive, thisProcess } from '../process-identity.ts';
import type { App, AppStore } from '../wiring.ts';
import type { OneShotOutput } from './one-shot-output.ts';

const PAGE = 500;

export interface OneShot {
  parts: Part[];
  /** What the person called the session; null for a new one. */
  session: string | null;
  systemPrompt: string | null;
  provider: ModelProvider;
  model: string;
  output: OneShotOutput;
  signal: AbortSignal;
}

/** Asks once, within a session that exists or is made for it. */
export async function runOneShot(app: App, store: AppStore, shot: OneShot): Promise<void> {
  const { output, provider, model, signal } = shot;
  const { session, isNew } = await openSession(app, store, shot);
  const held = await hold(app, store, session);
  try {
    output.begin(session, isNew);
    const turn = runTurn({
      sessions: store.sessions,
      sessionId: session.id,
      lease: held.lease,
      provider,
      model,
      parts: shot.parts,
      buildRequest: () => buildRequest(store, session, model),
      costOf: () => null,
      clock: app.clock,
      logger: app.logger,
      signal,
    });
    for await (const event of turn) {
      output.event(event);
      if (event.type === 'turn-result') {
        output.end({ session, message: event.message, isSaved: event.isSaved });
      }
    }
  } catch (error) {
    output.fail();
    throw error;
  } finally {
    await held.release();
  }
}

async function openSession(
  { clock, settings }: App,
  { sessions }: AppStore,
  { session: reference, parts, systemPrompt, provider, model }: OneShot,
): Promise<{ session: Session; isNew: boolean }> {
  if (reference === 'last') {
    return { session: await resolveSession(sessions, reference), isNew: false };
  }
  const found = reference === null ? undefined : await findSession(sessions, reference);
  if (found) return { session: found, isNew: false };
  const session = await sessions.create({
    id: newId(),
    handle: reference === null ? null : parseHandle(reference),
    title: titleFrom(parts),
    provider: provider.name,
    model,
    systemPrompt: systemPrompt ?? settings.system_prompt,
    workingDirectory: process.cwd(),
    createdAt: clock.now(),
  });
  return { session, isNew: true };
}

function hold(
  { clock, logger }: App,
  { sessions }: AppStore,
  session: Session,
): Promise<HeldLease> {
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
  store: AppStore,
  session: Session,
  model: string,
): Promise<ModelRequest> {
  const messages: Message[] = [];
  for (let after = 0; ;) {
    const page = await store.sessions.messages(session.id, { limit: PAGE, after });
    messages.push(...page);
    if (page.length < PAGE) break;
    after = page.at(-1)?.seq ?? 0;
  }
  return {
    model,
    systemPrompt: session.systemPrompt,
    messages: await toRequestMessages(messages, store.attachments),
    tools: [],
    maxOutputTokens: null,
    temperature: null,
    outputSchema: null,
    cacheKey: session.id,
  };
}
