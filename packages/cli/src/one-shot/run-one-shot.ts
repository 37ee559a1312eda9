import {
  newId,
  titleFrom,
  type ModelProvider,
  type Part,
  type ProviderSetup,
  type Session,
  type Store,
} from '@synapse/core';
import { askSession } from '../conversation/ask-session.ts';
import { holdSession } from '../conversation/hold-session.ts';
import type { App } from '../wiring.ts';
import type { OneShotOutput } from './one-shot-output.ts';

export interface OneShot {
  parts: Part[];
  /** The session to go on with, or what to make. */
  session: Session | NewSessionWish;
  provider: ModelProvider;
  setup: ProviderSetup;
  output: OneShotOutput;
  signal: AbortSignal;
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
  const held = await holdSession(app, store, session.id);
  try {
    output.begin(session, 'isNew' in shot.session);
    const { parts } = shot;
    const { lease } = held;
    const turn = askSession(app, store, { session, lease, parts, provider, setup, signal });
    for await (const event of turn) {
      output.event(event);
      if (event.type === 'turn-result') {
        await output.end({ session, message: event.message, isSaved: event.isSaved });
      }
    }
  } catch (error) {
    output.fail();
    throw error;
  } finally {
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
