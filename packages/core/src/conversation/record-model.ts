import type { Lease, SessionStore } from '../ports/session-store.ts';
import type { Answerer } from '../providers/is-same-model.ts';
import type { Session } from '../session/session.ts';

/** Records the model that a session continues with; only the holder of its lease may do that. */
export async function recordModel(
  sessions: Pick<SessionStore, 'update'>,
  session: Session,
  { provider, model }: Answerer,
  lease: Lease | null,
): Promise<Session> {
  if (session.provider === provider && session.model === model) return session;
  return sessions.update(session.id, { provider, model }, lease);
}
