import type { Store } from '@synapse/core';
import { allSessions, digestSession, messagePages } from '@synapse/portability';

/** The digest of each session of a store, by its id. */
export async function digestsOf(store: Store): Promise<Map<string, string>> {
  const digests = new Map<string, string>();
  for await (const session of allSessions(store.transfer)) {
    const pages = messagePages(store.sessions, session.id, { turns: 'all' });
    digests.set(session.id, await digestSession(session, pages));
  }
  return digests;
}
