import {
  newId,
  SessionHeldError,
  type Message,
  type NewMessage,
  type SessionStore,
} from '@synapse/core';
import { createMemoryStore } from '@synapse/storage-memory';
import type { sessionStoreGroups } from '../contracts/session-store-contract.ts';
import type { TestedStore } from '../support/samples.ts';

export interface BrokenStore {
  /** The group of the contract that has to notice. */
  group: keyof typeof sessionStoreGroups;
  fault: string;
  open(): TestedStore;
}

type Attachments = TestedStore['attachments'];
type Breakage = (sessions: SessionStore) => Partial<SessionStore>;

function breakSessions(
  group: BrokenStore['group'],
  fault: string,
  breakage: Breakage,
): BrokenStore {
  return {
    group,
    fault,
    open: () => {
      const store = createMemoryStore();
      const changed = breakage(store.sessions);
      const sessions = new Proxy(store.sessions, {
        get: (target, name: keyof SessionStore) =>
          changed[name] ?? (target[name] as () => unknown).bind(target),
      });
      return { ...store, sessions };
    },
  };
}

function breakAttachments(
  fault: string,
  breakage: (attachments: Attachments) => Partial<Attachments>,
): BrokenStore {
  return {
    group: 'attachments',
    fault,
    open: () => {
      const store = createMemoryStore();
      const whole: Attachments = {
        put: (given) => store.attachments.put(given),
        get: (sha256) => store.attachments.get(sha256),
      };
      return { ...store, attachments: { ...whole, ...breakage(whole) } };
    },
  };
}

function withTexts(messages: readonly NewMessage[], change: (text: string) => string) {
  return messages.map((message) => ({
    ...message,
    parts: message.parts.map((part) =>
      part.type === 'text' ? { ...part, text: change(part.text) } : part,
    ),
  }));
}

/** Each breaks one promise of the contract; a contract that does not notice promises nothing. */
export const brokenStores: BrokenStore[] = [
  breakSessions('create', 'forgets tags', (store) => ({
    create: (session) => store.create({ ...session, tags: [] }),
  })),
  breakSessions('create', 'keeps whole seconds only', (store) => ({
    create: (session) => {
      const seconds = Math.floor(session.createdAt.getTime() / 1000);
      return store.create({ ...session, createdAt: new Date(seconds * 1000) });
    },
  })),
  breakSessions('create', 'takes a handle that is taken', (store) => ({
    create: (session) =>
      store.create(session).catch(() => store.create({ ...session, handle: null })),
  })),
  breakSessions('create', 'hands out what it keeps', (store) => {
    const kept = new Map<string, Awaited<ReturnType<SessionStore['get']>>>();
    return {
      get: async (id) => {
        if (!kept.has(id)) kept.set(id, await store.get(id));
        return kept.get(id);
      },
    };
  }),
  breakSessions('update', 'takes a change for activity', (store) => ({
    update: async (id, ...change) => ({
      ...(await store.update(id, ...change)),
      updatedAt: new Date(),
    }),
  })),
  breakSessions('update', 'removes no tags', (store) => ({
    update: (id, change, lease) => store.update(id, { ...change, removeTags: [] }, lease),
  })),
  breakSessions('update', 'takes a lease that was lost', (store) => ({
    update: (id, change) => store.update(id, change),
  })),
  breakSessions('update', 'changes half before it refuses', (store) => ({
    update: async (id, { handle, ...rest }, lease) => {
      const changed = await store.update(id, rest, lease);
      return handle === undefined ? changed : store.update(id, { handle }, lease);
    },
  })),
  breakSessions('revision', 'ignores the revision that a caller expects', (store) => ({
    update: (id, { expectedRevision: _, ...change }, lease) => store.update(id, change, lease),
  })),
  breakSessions('revision', 'counts a change that changes nothing', (store) => ({
    update: async (id, change, lease) => {
      await store.update(id, { addTags: ['more'] }, lease);
      await store.update(id, { removeTags: ['more'] }, lease);
      return store.update(id, change, lease);
    },
  })),
  breakSessions('revision', 'does not count messages', (store) => {
    const counted = new Map<string, number>();
    return {
      append: async (id, ...rest) => {
        counted.set(id, (counted.get(id) ?? 0) + 1);
        return store.append(id, ...rest);
      },
      get: async (id) => {
        const session = await store.get(id);
        return session && { ...session, revision: session.revision - (counted.get(id) ?? 0) };
      },
    };
  }),
  breakSessions('find', 'finds the oldest first', (store) => ({
    find: async (reference) => (await store.find(reference)).reverse(),
  })),
  breakSessions('find', 'overlooks the trash', (store) => ({
    find: async (reference) =>
      (await store.find(reference)).filter(({ deletedAt }) => deletedAt === null),
  })),
  breakSessions('find', 'takes three characters of an id', (store) => ({
    find: async (reference) => {
      const { items } = await store.list({ limit: 50 });
      const short = items.filter(({ id }) => reference.length === 3 && id.startsWith(reference));
      return short.length > 0 ? short : store.find(reference);
    },
  })),
  breakSessions('list', 'loses a session between pages', (store) => ({
    list: async (query) => {
      const page = await store.list(query);
      return query.cursor === undefined ? page : { ...page, items: page.items.slice(1) };
    },
  })),
  breakSessions('list', 'shows what is archived', (store) => ({
    list: (query) => store.list({ archived: 'any', ...query }),
  })),
  breakSessions('list', 'distinguishes cases', (store) => ({
    list: async (query) => {
      const page = await store.list(query);
      const has = (text: string | null) => text?.includes(query.text ?? '') ?? false;
      return {
        ...page,
        items: page.items.filter(
          ({ handle, title, preview }) => has(handle) || has(title) || has(preview),
        ),
      };
    },
  })),
  breakSessions('notes', 'gives messages of every role', (store) => ({
    messages: (id, page) => store.messages(id, { ...page, role: undefined }),
  })),
  breakSessions('append', 'stores in another order', (store) => ({
    append: (id, messages, lease) => store.append(id, messages.toReversed(), lease),
  })),
  breakSessions('append', 'stores a repeated message twice', (store) => ({
    append: (id, messages, lease) =>
      store.append(
        id,
        messages.map((message) => ({ ...message, id: newId() })),
        lease,
      ),
  })),
  breakSessions('append', 'keeps what a refused call brought', (store) => ({
    append: async (id, messages, lease) => {
      const stored: Message[] = [];
      for (const message of messages) stored.push(...(await store.append(id, [message], lease)));
      return stored;
    },
  })),
  breakSessions('append', 'replaces no running answer', (store) => ({
    append: (id, messages, lease) =>
      store.append(
        id,
        messages.map((message) => ({ ...message, status: 'complete' as const })),
        lease,
      ),
  })),
  breakSessions('append', 'asks for no lease', (store) => ({
    append: (id, messages) => store.append(id, messages, null),
  })),
  breakSessions('messages', 'begins at the wrong end', (store) => ({
    messages: (id, page) => store.messages(id, { limit: page.limit, after: 0 }),
  })),
  breakSessions('messages', 'says nothing of an unknown session', (store) => ({
    messages: (id, page) => store.messages(id, page).catch(() => []),
  })),
  breakSessions('undo', 'undoes all that is left', (store) => ({
    undoTurn: async (id, lease) => {
      const removed: Message[] = [];
      for (;;) {
        const turn = await store.undoTurn(id, lease);
        if (turn.length === 0) return removed;
        removed.unshift(...turn);
      }
    },
  })),
  breakSessions('undo', 'clears without a lease', (store) => ({
    clear: (id) => store.clear(id, null),
  })),
  breakSessions('variants', 'shows what is not active', (store) => ({
    messages: (id, page) => store.messages(id, { turns: 'all', ...page }),
  })),
  breakSessions('variants', 'chooses a variant before it is complete', (store) => ({
    append: async (id, messages, lease, variant) => {
      const stored = await store.append(id, messages, lease, variant);
      if (variant && 'of' in variant) await store.chooseVariant(id, stored[0]!.turn, lease);
      return stored;
    },
  })),
  breakSessions('variants', 'chooses without a lease', (store) => ({
    chooseVariant: (id, turn) => store.chooseVariant(id, turn, null),
  })),
  breakSessions('fork', 'copies all', (store) => ({
    fork: (id, { throughMessageId: _, ...fork }) => store.fork(id, fork),
  })),
  breakSessions('fork', 'pins the copy', (store) => ({
    fork: async (id, fork) => {
      const { id: copyId } = await store.fork(id, fork);
      return store.update(copyId, { pinned: true });
    },
  })),
  breakSessions('trash', 'starts the time in the trash again', (store) => ({
    trash: async (id, at) => {
      await store.restore(id, at);
      await store.trash(id, at);
    },
  })),
  breakSessions('trash', 'brings back what looks as old as it was', (store) => ({
    restore: (id) => store.restore(id, new Date(0)),
  })),
  breakSessions('trash', 'counts what was not there', (store) => ({
    purge: async (ids) => {
      await store.purge(ids);
      return ids.length;
    },
  })),
  breakSessions('lease', 'gives it to whoever asks', (store) => ({
    acquireLease: (id, request) =>
      store.acquireLease(id, request).catch((error: unknown) => {
        if (!(error instanceof SessionHeldError)) throw error;
        return store.acquireLease(id, { ...request, takeOver: error.lease.token });
      }),
  })),
  breakSessions('lease', 'leaves dead answers running', (store) => ({
    messages: async (id, page) =>
      (await store.messages(id, page)).map((message) => ({
        ...message,
        status: message.status === 'interrupted' ? 'running' : message.status,
      })),
  })),
  breakSessions('lease', 'renews what was lost', (store) => ({
    renewLease: (lease, durationMs) => store.renewLease(lease, durationMs).catch(() => lease),
  })),
  breakSessions('content', 'mends broken Unicode', (store) => ({
    append: (id, messages, lease) =>
      store.append(
        id,
        withTexts(messages, (text) => text.toWellFormed()),
        lease,
      ),
  })),
  breakSessions('content', 'drops NUL', (store) => ({
    append: (id, messages, lease) =>
      store.append(
        id,
        withTexts(messages, (text) => text.replaceAll('\0', '')),
        lease,
      ),
  })),
  breakAttachments('never drops bytes', (store) => {
    const kept = new Map<string, Uint8Array | undefined>();
    return {
      put: async (given) => {
        const reference = await store.put(given);
        kept.set(reference.sha256, await store.get(reference.sha256));
        return reference;
      },
      get: async (sha256) => (await store.get(sha256)) ?? kept.get(sha256),
    };
  }),
  breakAttachments('calls the bytes by their first name', (store) => {
    const names = new Map<string, string | null>();
    return {
      put: async (given) => {
        const reference = await store.put(given);
        const { sha256, name } = reference;
        if (!names.has(sha256)) names.set(sha256, name);
        return { ...reference, name: names.get(sha256) ?? null };
      },
    };
  }),
];
