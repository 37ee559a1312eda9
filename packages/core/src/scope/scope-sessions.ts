import { SessionBusyError } from '../errors/session-errors.ts';
import type { SessionStore } from '../ports/session-store.ts';
import type { Access } from './access.ts';

export function scopeSessions(sessions: SessionStore, access: Access): SessionStore {
  const { owner } = access;
  return {
    create: (session) => sessions.create({ ...session, owner }),
    get: async (id) => {
      const session = await sessions.get(id);
      return session?.owner === owner ? session : undefined;
    },
    find: (reference) => sessions.find(reference, { owner }),
    list: (query) => sessions.list({ ...query, owner }),
    update: async (id, ...rest) => {
      await access.requireSession(id);
      return sessions.update(id, ...rest);
    },
    append: async (id, ...rest) => {
      await access.requireSession(id);
      return sessions.append(id, ...rest);
    },
    chooseVariant: async (id, ...rest) => {
      await access.requireSession(id);
      return sessions.chooseVariant(id, ...rest);
    },
    messages: async (id, page) => {
      await access.requireSession(id);
      return sessions.messages(id, page);
    },
    promptMessages: async (id, page) => {
      await access.requireSession(id);
      return sessions.promptMessages(id, page);
    },
    message: async (id, messageId) => {
      await access.requireSession(id);
      return sessions.message(id, messageId);
    },
    undoTurn: async (id, lease) => {
      await access.requireSession(id);
      return sessions.undoTurn(id, lease);
    },
    clear: async (id, lease) => {
      await access.requireSession(id);
      return sessions.clear(id, lease);
    },
    fork: async (id, fork) => {
      await access.requireSession(id);
      return sessions.fork(id, fork);
    },
    trash: async (id, at) => {
      await access.requireSession(id);
      return sessions.trash(id, at);
    },
    restore: async (id, at) => {
      await access.requireSession(id);
      return sessions.restore(id, at);
    },
    purge: async (ids) => {
      const own: string[] = [];
      for (const id of ids) if (await access.owns(id)) own.push(id);
      return sessions.purge(own);
    },
    acquireLease: async (id, request) => {
      await access.requireSession(id);
      return sessions.acquireLease(id, request);
    },
    renewLease: async (lease, durationMs) => {
      if (await access.owns(lease.sessionId)) return sessions.renewLease(lease, durationMs);
      throw new SessionBusyError(`The lease of session ${lease.sessionId} was lost.`);
    },
    releaseLease: async (lease) => {
      if (await access.owns(lease.sessionId)) await sessions.releaseLease(lease);
    },
    requestHandOver: async (id, token) => {
      if (await access.owns(id)) await sessions.requestHandOver(id, token);
    },
    leaseState: async (lease) =>
      (await access.owns(lease.sessionId)) ? sessions.leaseState(lease) : 'lost',
  };
}
