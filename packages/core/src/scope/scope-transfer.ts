import { SessionConflictError, SessionNotFoundError } from '../errors/session-errors.ts';
import type { Addition, StoreTransfer } from '../ports/store-transfer.ts';
import type { Access } from './access.ts';

export function scopeTransfer(transfer: StoreTransfer, access: Access): StoreTransfer {
  const { owner } = access;
  const refuseForeign = async (id: string): Promise<void> => {
    if (!(await access.isForeign(id))) return;
    throw new SessionConflictError(`A session with the id ${id} already exists.`);
  };
  return {
    sessionsAfter: (id, limit) => transfer.sessionsAfter(id, limit, { owner }),
    addSession: async (session, messages, options) => {
      await refuseForeign(session.id);
      return transfer.addSession({ ...session, owner }, messages, options);
    },
    addSessions: async (sessions, options) => {
      const outcomes: (Addition | SessionConflictError)[] = [];
      const refused = new Map<string, SessionConflictError>();
      for (const { session } of sessions) {
        await refuseForeign(session.id).catch((error: unknown) => {
          if (!(error instanceof SessionConflictError)) throw error;
          refused.set(session.id, error);
        });
      }
      const own = sessions.filter(({ session }) => !refused.has(session.id));
      const added = await transfer.addSessions(
        own.map((whole) => ({ ...whole, session: { ...whole.session, owner } })),
        options,
      );
      for (const { session } of sessions) {
        outcomes.push(refused.get(session.id) ?? added.shift() ?? 'present');
      }
      return outcomes;
    },
    extendSession: async (session, messages, position) => {
      await access.requireSession(session.id);
      return transfer.extendSession(session, messages, position);
    },
    ownersOf: (messageIds) => transfer.ownersOf(messageIds, { owner }),
    ledger: (page) => transfer.ledger({ ...page, owner }),
    addLedger: async (entries) => {
      for (const id of new Set(entries.map(({ sessionId }) => sessionId))) {
        // The entries of a session that is gone count as those of `local`.
        const isReached =
          (await access.owns(id)) || (owner === null && !(await access.isForeign(id)));
        if (!isReached) throw new SessionNotFoundError(id);
      }
      return transfer.addLedger(entries);
    },
    importMarks: async (places) => {
      access.requireAdmin();
      return transfer.importMarks(places);
    },
    setImportMarks: async (marks) => {
      access.requireAdmin();
      return transfer.setImportMarks(marks);
    },
    addAudit: async (entries) => {
      access.requireAdmin();
      return transfer.addAudit(entries);
    },
  };
}
