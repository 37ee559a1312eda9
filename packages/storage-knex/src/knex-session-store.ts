import {
  emptySession,
  type Lease,
  type Message,
  type MessagePage,
  type NewMessage,
  type Session,
  type SessionChange,
  type SessionStore,
} from '@synapse/core';
import {
  noteStoredMessages,
  SessionConflictError,
  type LeaseRequest,
  type LeaseState,
  type NewFork,
  type NewSession,
  type Page,
  type SessionQuery,
  type PromptMessage,
  type VariantPlace,
} from '@synapse/core/store-kit';
import type { OwnerFilter } from '@synapse/core/server';
import { appendMessages } from './append-messages.ts';
import { appendShort, areShort } from './append-new-messages.ts';
import { chooseVariant, undoTurn } from './choose-variant.ts';
import { clearSession } from './clear-session.ts';
import type { Database } from './database.ts';
import { readMessage } from './find-messages.ts';
import { findSessions } from './find-sessions.ts';
import { forkSession } from './fork-session.ts';
import { inChunks } from './in-chunks.ts';
import {
  acquireLease,
  readLeaseState,
  readOwnLease,
  releaseLease,
  renewLease,
  requestHandOver,
} from './lease-session.ts';
import { listSessions } from './list-sessions.ts';
import { readMessages, refuseGaps, readPromptMessages } from './message-pages.ts';
import { keepOwners } from './owner.ts';
import { requireDeletion, scrub, markPurged } from './purge-sessions.ts';
import { insertSession, readSession, requireSession } from './stored-sessions.ts';
import type { Tables } from './tables.ts';
import { restoreSession, trashSession } from './trash-session.ts';
import { updateSession } from './update-session.ts';

const IDS_PER_PURGE = 500;

/**
 * If the outcome of a commit is unknown, the work is repeated and recognises its own rows by the
 * ids that the caller chose. Undoing a turn can't do that, so it is not repeated.
 */
export class KnexSessionStore implements SessionStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  create(session: NewSession): Promise<Session> {
    return this.#database.write(
      async (tables, attempt) => {
        const mine = attempt > 0 ? await readSession(tables, session.id) : undefined;
        if (!mine) await insertSession(tables, emptySession(session));
        return mine ?? requireSession(tables, session.id);
      },
      { isRepeatable: true, onDuplicate: conflict(session) },
    );
  }

  get(id: string): Promise<Session | undefined> {
    return this.#database.read((tables) => readSession(tables, id));
  }

  find(reference: string, filter?: OwnerFilter): Promise<Session[]> {
    return this.#database.read((tables) => findSessions(tables, reference, filter));
  }

  list(query: SessionQuery): Promise<Page<Session>> {
    return this.#database.read((tables) => listSessions(tables, query));
  }

  update(id: string, change: SessionChange, lease: Lease | null = null): Promise<Session> {
    return this.#database.write((tables) => updateSession(tables, id, change, lease), {
      isRepeatable: true,
      onDuplicate: conflict({ id, handle: change.handle }),
    });
  }

  async append(
    sessionId: string,
    messages: readonly NewMessage[],
    lease: Lease | null,
    variant?: VariantPlace,
  ): Promise<Message[]> {
    const stored = await this.#append(sessionId, messages, lease, variant);
    noteStoredMessages(lease, stored);
    return stored;
  }

  async #append(
    sessionId: string,
    messages: readonly NewMessage[],
    lease: Lease | null,
    variant: VariantPlace | undefined,
  ): Promise<Message[]> {
    const onDuplicate = () =>
      new SessionConflictError(
        `One of the new messages of session ${sessionId} already belongs to another session.`,
      );
    if (variant === undefined && areShort(messages)) {
      const appended = await appendShort(
        this.#database,
        sessionId,
        messages,
        lease,
        onDuplicate,
      ).catch(ignoreConflict);
      if (appended) return appended;
    }
    return this.#database.write(
      (tables) => appendMessages(tables, sessionId, messages, lease, variant),
      { isRepeatable: true, onDuplicate },
    );
  }

  chooseVariant(sessionId: string, turn: number, lease: Lease | null): Promise<void> {
    return this.#database.write((tables) => chooseVariant(tables, sessionId, turn, lease), {
      isRepeatable: true,
    });
  }

  messages(sessionId: string, page: MessagePage): Promise<Message[]> {
    return this.#database.read(async (tables) => {
      const messages = await readMessages(tables, sessionId, page);
      await refuseGaps(tables, sessionId, page, messages);
      return messages;
    });
  }

  promptMessages(sessionId: string, page: MessagePage): Promise<PromptMessage[]> {
    return this.#database.read(async (tables) => {
      const told = await readPromptMessages(tables, sessionId, page);
      await refuseGaps(tables, sessionId, page, told);
      return told;
    });
  }

  message(sessionId: string, messageId: string): Promise<Message | undefined> {
    return this.#database.read((tables) => readMessage(tables, sessionId, messageId));
  }

  undoTurn(sessionId: string, lease: Lease | null): Promise<Message[]> {
    return this.#database.write((tables) => undoTurn(tables, sessionId, lease), {
      isRepeatable: false,
    });
  }

  clear(sessionId: string, lease: Lease | null): Promise<void> {
    return clearSession(this.#database, sessionId, lease);
  }

  fork(sessionId: string, fork: NewFork): Promise<Session> {
    return forkSession(this.#database, sessionId, fork, conflict(fork));
  }

  trash(id: string, at: Date): Promise<void> {
    return this.#database.write((tables) => trashSession(tables, id, at), { isRepeatable: true });
  }

  async restore(id: string, at: Date): Promise<Session> {
    return this.#database.write((tables) => restoreSession(tables, id, at), {
      isRepeatable: true,
      onDuplicate: conflict({ id }),
    });
  }

  async purge(ids: readonly string[]): Promise<number> {
    let count = 0;
    for (const chunk of inChunks([...new Set(ids)], IDS_PER_PURGE)) {
      const take = async (tables: Tables) => {
        const purged = await markPurged(tables, chunk);
        await keepOwners(tables, purged);
        await requireDeletion(tables);
        return purged.length;
      };
      count += await this.#database.write(take, { isRepeatable: true });
    }
    if (count > 0) await scrub(this.#database);
    return count;
  }

  acquireLease(sessionId: string, request: LeaseRequest): Promise<Lease> {
    return this.#database.write(
      async (tables, attempt) => {
        const mine = attempt > 0 ? await readOwnLease(tables, sessionId, request) : undefined;
        return mine ?? acquireLease(tables, sessionId, request);
      },
      { isRepeatable: true },
    );
  }

  renewLease(lease: Lease, durationMs: number): Promise<Lease> {
    return this.#database.write((tables) => renewLease(tables, lease, durationMs), {
      isRepeatable: true,
    });
  }

  releaseLease(lease: Lease): Promise<void> {
    return this.#database.write((tables) => releaseLease(tables, lease), { isRepeatable: true });
  }

  requestHandOver(sessionId: string, token: number): Promise<void> {
    return this.#database.write((tables) => requestHandOver(tables, sessionId, token), {
      isRepeatable: true,
    });
  }

  leaseState(lease: Lease): Promise<LeaseState> {
    return this.#database.read((tables) => readLeaseState(tables, lease));
  }
}

/** If a message is already stored, the long path finds out which session it belongs to. */
function ignoreConflict(error: unknown): undefined {
  if (!(error instanceof SessionConflictError)) throw error;
}

function conflict({ id, handle }: { id: string; handle?: string | null | undefined }) {
  return (key: string) =>
    key.includes('handle')
      ? new SessionConflictError(
          handle == null
            ? `Another session has taken the name of session ${id}.`
            : `Another session has the name "${handle}".`,
          { hint: 'Choose another name, or rename that session first.' },
        )
      : new SessionConflictError(`A session with the id ${id} already exists.`);
}
