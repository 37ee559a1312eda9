import {
  SessionConflictError,
  type Addition,
  type AuditEntry,
  type Message,
  type Session,
  type StoreTransfer,
} from '@synapse/core';
import { addSession } from './add-session.ts';
import { insertNewAudit } from './audit.ts';
import type { Database } from './database.ts';
import { readSession, selectSessions } from './read-sessions.ts';
import { lockMemo } from './retention-memo.ts';
import { fromSessionRow } from './session-rows.ts';

const MAX_PAGE = 500;

export class KnexTransfer implements StoreTransfer {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  sessionsAfter(id: string | null, limit: number): Promise<Session[]> {
    return this.#database.read(async (tables) => {
      const select = selectSessions(tables).orderBy('id').limit(Math.min(limit, MAX_PAGE));
      if (id !== null) void select.where('id', '>', id);
      return (await select).map(fromSessionRow);
    });
  }

  async addSession(
    session: Session,
    messages: AsyncIterable<readonly Message[]>,
  ): Promise<Addition> {
    if (await this.#database.read((tables) => readSession(tables, session.id))) return 'present';
    await this.#database.write((tables) => addSession(tables, session, messages), {
      // The messages can be read only once.
      isRepeatable: false,
      onDuplicate: (key) => toConflict(session, key),
    });
    return 'added';
  }

  addAudit(entries: readonly AuditEntry[]): Promise<void> {
    // Locked by a write, or two that add the same would both find it missing.
    return this.#database.write(
      async (tables) => {
        await lockMemo(tables);
        await insertNewAudit(tables, entries);
      },
      { isRepeatable: true },
    );
  }
}

function toConflict(session: Session, key: string): SessionConflictError {
  if (key.includes('handle')) {
    return new SessionConflictError(`Another session has the name "${session.handle ?? ''}".`, {
      hint: 'Rename that session first.',
    });
  }
  return new SessionConflictError(
    `Another session has the id ${session.id}, or one of the messages of that session.`,
  );
}
