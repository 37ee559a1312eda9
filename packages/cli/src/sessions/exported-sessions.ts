import type { Session, Store } from '@synapse/core';
import { allSessions, type OnDamaged } from '@synapse/portability';
import { resolveSessions } from './resolve-sessions.ts';

export interface ExportWish {
  references: readonly string[];
  /** Every session but those in the trash. */
  isAll: boolean;
  onDamaged?: OnDamaged | undefined;
}

/** What is to be exported; whatever is named is looked for before anything is written. */
export async function exportedSessions(
  { sessions, transfer }: Pick<Store, 'sessions' | 'transfer'>,
  { references, isAll, onDamaged }: ExportWish,
): Promise<AsyncIterable<Session> | Iterable<Session>> {
  return isAll ? livingSessions(transfer, onDamaged) : resolveSessions(sessions, references);
}

async function* livingSessions(
  transfer: Store['transfer'],
  onDamaged: OnDamaged | undefined,
): AsyncGenerator<Session> {
  for await (const session of allSessions(transfer, onDamaged)) {
    if (!session.deletedAt) yield session;
  }
}
