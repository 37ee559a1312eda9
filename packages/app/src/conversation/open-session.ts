import {
  createOrFind,
  newId,
  titleFrom,
  type Session,
  type Store,
} from '@synapse/core';
import type { ProviderSetup } from '@synapse/core/models';
import type { App } from '../wiring.ts';

export interface NewSessionWish {
  isNew: true;
  handle: string | null;
  systemPrompt: string | null;
}

export interface SessionToOpen {
  /** The session to go on with, or what to make. */
  session: Session | NewSessionWish;
  /** Goes on with a copy of it. */
  isForked: boolean;
  setup: ProviderSetup;
  /** The text of the question that a new session is named by. */
  titleText: string;
}

/**
 * The session itself, its copy or a new one; where another process has made one of that name by now,
 * that one.
 */
export async function openSession(
  { clock, here }: Pick<App, 'clock' | 'here'>,
  { sessions }: Store,
  { session, isForked, setup: { name: provider, model }, titleText }: SessionToOpen,
): Promise<{ session: Session; isNew: boolean }> {
  if (!('isNew' in session)) {
    const fork = { id: newId(), createdAt: clock.now() };
    return { session: isForked ? await sessions.fork(session.id, fork) : session, isNew: false };
  }
  return createOrFind(sessions, {
    id: newId(),
    handle: session.handle,
    title: titleFrom([{ type: 'text', text: titleText }]),
    provider,
    model,
    systemPrompt: session.systemPrompt,
    workingDirectory: here,
    createdAt: clock.now(),
  });
}
