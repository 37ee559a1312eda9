import type { Message, Session } from '@synapse/core';
import {
  SessionConflictError,
  type Addition,
  type AddOptions,
  type AuditEntry,
  type ExtendPosition,
  type LedgerEntry,
  type LedgerPage,
  type StoreTransfer,
  type WholeSession,
} from '@synapse/core/store-kit';
import type { OwnerFilter } from '@synapse/core/server';
import { addSessions } from './add-sessions.ts';
import { insertNewAudit } from './audit.ts';
import { BatchSizer } from './batch-sizer.ts';
import { buildSession, HELD_PER_PAUSE, MAX_WEIGHT, weightOf } from './build-session.ts';
import type { Database } from './database.ts';
import { extendSession } from './extend-session.ts';
import { addEntries, deriveSpent, readLedger } from './ledger.ts';
import { filterByOwner, filterBySession } from './owner.ts';
import { lockMemo } from './retention-memo.ts';
import { nextRevision } from './revision.ts';
import { verifiedSession, readSession, selectSessions } from './stored-sessions.ts';
import { toStoredText } from './stored-text.ts';
import type { Tables } from './tables.ts';

const MAX_PAGE = 500;

export class KnexTransfer implements StoreTransfer {
  readonly #database: Database;
  readonly #sizer = new BatchSizer(MAX_WEIGHT);

  constructor(database: Database) {
    this.#database = database;
  }

  sessionsAfter(id: string | null, limit: number, { owner }: OwnerFilter = {}): Promise<Session[]> {
    return this.#database.read(async (tables) => {
      const select = selectSessions(tables).orderBy('id').limit(Math.min(limit, MAX_PAGE));
      if (id !== null) void select.where('id', '>', id);
      filterByOwner(select, owner);
      return (await select).map((row) => verifiedSession(tables, row));
    });
  }

  async addSession(
    session: Session,
    messages: AsyncIterable<readonly Message[]>,
    options: AddOptions = {},
  ): Promise<Addition> {
    if (await this.#database.read((tables) => readSession(tables, session.id))) return 'present';
    await this.#database.read((tables) => refuseTakenHandle(tables, session));
    const onDuplicate = (key: string) => toConflict(session, key);
    await buildSession(this.#database, { session, pages: messages, onDuplicate, ...options });
    return 'added';
  }

  async addSessions(
    sessions: readonly WholeSession[],
    options: AddOptions = {},
  ): Promise<(Addition | SessionConflictError)[]> {
    const outcomes: (Addition | SessionConflictError)[] = [];
    for (let rest = sessions; rest.length > 0;) {
      const chunk = this.#sizer.take(rest, ({ messages }) => 1 + weightOf(messages));
      rest = rest.slice(chunk.length);
      outcomes.push(...(await this.#addAtOnce(chunk, options)));
    }
    return outcomes;
  }

  async #addAtOnce(
    chunk: readonly WholeSession[],
    options: AddOptions,
  ): Promise<(Addition | SessionConflictError)[]> {
    const start = performance.now();
    try {
      const known = await this.#database.write((tables) => addSessions(tables, chunk, options), {
        // Not repeated, because a second attempt would find the sessions of the first one.
        isRepeatable: false,
        onDuplicate: (key) => new SessionConflictError(key),
      });
      const outcomes: Addition[] = [];
      for (const whole of chunk) {
        // A known id may come from the remains of an interrupted attempt.
        outcomes.push(known.has(whole.session.id) ? await this.#addAlone(whole, options) : 'added');
      }
      return outcomes;
    } catch (error) {
      if (!(error instanceof SessionConflictError)) throw error;
      const outcomes: (Addition | SessionConflictError)[] = [];
      for (const whole of chunk)
        outcomes.push(await this.#addAlone(whole, options).catch(keepConflict));
      return outcomes;
    } finally {
      const heldMs = performance.now() - start;
      const weight = chunk.reduce((sum, { messages }) => sum + 1 + weightOf(messages), 0);
      this.#sizer.note(weight, heldMs);
      await this.#database.dialect.yieldToOthers(heldMs, HELD_PER_PAUSE);
    }
  }

  #addAlone({ session, messages }: WholeSession, options: AddOptions): Promise<Addition> {
    async function* pages(): AsyncGenerator<readonly Message[]> {
      yield messages;
    }
    return this.addSession(session, pages(), options);
  }

  extendSession(
    session: Session,
    messages: readonly Message[],
    position: ExtendPosition,
  ): Promise<void> {
    return this.#database.write(
      (tables) => extendSession(tables, session, messages, position),
      // Not repeated, because a second attempt would find the messages of the first one.
      { isRepeatable: false, onDuplicate: (key) => toConflict(session, key) },
    );
  }

  ownersOf(
    messageIds: readonly string[],
    { owner }: OwnerFilter = {},
  ): Promise<Map<string, string>> {
    return this.#database.read(async (tables) => {
      const select = tables.from('messages').whereIn('id', messageIds);
      if (owner !== undefined) filterBySession(tables, select, 'messages', owner);
      const rows = await select.select<{ id: string; sessionId: string }[]>('id', {
        sessionId: 'session_id',
      });
      return new Map(rows.map(({ id, sessionId }) => [id, sessionId]));
    });
  }

  importMarks(places: readonly string[]): Promise<Map<string, string>> {
    return this.#database.read(async (tables) => {
      const rows = await tables
        .from('import_marks')
        .whereIn('place', places)
        .select('place', 'mark');
      return new Map(rows.map(({ place, mark }) => [place, mark]));
    });
  }

  async setImportMarks(marks: ReadonlyMap<string, string>): Promise<void> {
    const rows = [...marks].map(([place, mark]) => ({ place, mark }));
    if (rows.length === 0) return;
    await this.#database.write(
      (tables) => tables.from('import_marks').insert(rows).onConflict('place').merge(),
      { isRepeatable: true },
    );
  }

  ledger(page: LedgerPage): Promise<LedgerEntry[]> {
    return this.#database.read((tables) => readLedger(tables, page));
  }

  addLedger(entries: readonly LedgerEntry[]): Promise<number> {
    return this.#database.write(
      async (tables) => {
        const added = await addEntries(tables, entries);
        const ids = new Set(added.map(({ session_id }) => session_id));
        await deriveSpent(tables, await lockAll(tables, ids));
        return added.length;
      },
      { isRepeatable: true },
    );
  }

  addAudit(entries: readonly AuditEntry[]): Promise<void> {
    // Locked by a write; otherwise two processes that add the same session would both find it
    // missing.
    return this.#database.write(
      async (tables) => {
        await lockMemo(tables);
        await insertNewAudit(tables, entries);
      },
      { isRepeatable: true },
    );
  }
}

/**
 * Locks the sessions with a new revision, so that no append happens between summing and storing the spending of a
 * session. Always locks in the same order, to avoid a deadlock. Returns the sessions that exist.
 */
async function lockAll(tables: Tables, sessionIds: ReadonlySet<string>): Promise<string[]> {
  const locked: string[] = [];
  for (const id of [...sessionIds].sort()) {
    const rows = await tables
      .from('sessions')
      .where({ id })
      .update(nextRevision(tables))
      .returning('id');
    locked.push(...rows.map((row) => row.id));
  }
  return locked;
}

function keepConflict(error: unknown): SessionConflictError {
  if (error instanceof SessionConflictError) return error;
  throw error;
}

/** Fails early, before it stores a long session in vain. */
async function refuseTakenHandle(tables: Tables, session: Session): Promise<void> {
  const { handle, deletedAt } = session;
  if (handle === null || deletedAt !== null) return;
  const [row] = await tables
    .from('sessions')
    .where('handle', toStoredText(handle))
    .whereNull('deleted_at')
    .select('id');
  if (row) throw toConflict(session, 'handle');
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
