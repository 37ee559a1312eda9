import { randomInt } from 'node:crypto';
import { SessionBusyError, type Message, type Session, type SynapseError } from '@synapse/core';
import { addToTally, checkOrder, lengthOf, noTally } from '@synapse/core/store-kit';
import { insertRows, rowsOf } from './append-messages.ts';
import { BatchSizer } from './batch-sizer.ts';
import type { Database } from './database.ts';
import { hashesOf, holdAttachments, holdAwaited } from './hold-attachments.ts';
import { deriveSpent, enterStored } from './ledger.ts';
import { removePurged, markUnfinishedPurged, UNFINISHED } from './purge-sessions.ts';
import type { MessageRow } from './rows.ts';
import { toSessionRow, toTallyColumns } from './session-rows.ts';
import { insertSession, readSession } from './stored-sessions.ts';
import type { Tables } from './tables.ts';

// Measured on SQLite with two cores: storing this many short messages takes some 50 ms.
export const MAX_WEIGHT = 500;
// Calls are small: SQLite enters those of this many messages in some 10 ms.
const ENTERED_AT_ONCE = 1000;
const CHARACTERS_PER_WEIGHT = 2048;
// A user waits for an import or a fork but not for a purge, so this holds the lock longer between
// two pauses.
export const HELD_PER_PAUSE = 3;

export interface Build {
  session: Session;
  /** In pages that fit into memory; read outside of transactions. */
  pages: AsyncIterable<readonly Message[]>;
  onDuplicate: (key: string) => SynapseError;
  /**
   * Enters the calls of the messages in the ledger; unset if another step does so, or if there are
   * none.
   */
  origin?: string | undefined;
  /** The messages come from a session of this store, so their attachments were not stored again. */
  isCopy?: boolean;
  /** Called in the transaction that makes the session visible; if it throws, nothing is stored. */
  verify?: (tables: Tables) => Promise<void>;
}

/**
 * Stores a new session completely or not at all. A short one is stored in one transaction. A long
 * one stays hidden until its last message is stored; its transactions make other writers wait only
 * for a moment. The remains of a process that died are removed by the next attempt to store this
 * session, or by a cleanup.
 */
export async function buildSession(database: Database, build: Build): Promise<void> {
  const pages = build.pages[Symbol.asyncIterator]();
  try {
    await removeLeftovers(database, build.session.id);
    const builder = new SessionBuilder(database, build);
    let page = await nextPage(pages);
    const following = page && (await nextPage(pages));
    if (!following && weightOf(page ?? []) <= MAX_WEIGHT) {
      await builder.storeAtOnce(page ?? []);
      return;
    }
    await builder.begin();
    try {
      if (page) await builder.add(page);
      for (page = following; page; page = await nextPage(pages)) await builder.add(page);
      await builder.finish();
    } catch (error) {
      await builder.giveUp().catch(() => undefined);
      throw error;
    }
  } finally {
    await pages.return?.();
  }
}

class SessionBuilder {
  readonly #database: Database;
  readonly #build: Build;
  /** Distinguishes this attempt from a later one to store the same session, which ends this one. */
  readonly #token = randomInt(2 ** 47);
  readonly #sizer = new BatchSizer(MAX_WEIGHT);
  #tally = noTally;

  constructor(database: Database, build: Build) {
    this.#database = database;
    this.#build = build;
  }

  async storeAtOnce(page: readonly Message[]): Promise<void> {
    const { session, verify, origin } = this.#build;
    this.#count(page);
    const rows = this.#rowsOf(page);
    await this.#write(async (tables, attempt) => {
      if (attempt > 0 && (await readSession(tables, session.id))) return;
      await insertSession(tables, session, this.#columns());
      await this.#insert(tables, page, rows);
      if (origin !== undefined) await enterStored(tables, session.id, origin);
      await deriveSpent(tables, [session.id]);
      await verify?.(tables);
    });
  }

  async begin(): Promise<void> {
    const { session } = this.#build;
    const hidden = { ...session, handle: null, deletedAt: session.createdAt };
    await this.#write((tables) =>
      insertSession(tables, hidden, {
        ...{ purged: UNFINISHED, lease_token: this.#token, lease_expires_at: Date.now() },
      }),
    );
  }

  async add(page: readonly Message[]): Promise<void> {
    this.#count(page);
    for (let rest = page; rest.length > 0;) {
      const chunk = this.#sizer.take(rest, weigh);
      rest = rest.slice(chunk.length);
      // Before the transaction, so that others wait only for the database.
      const rows = this.#rowsOf(chunk);
      const start = performance.now();
      await this.#write(async (tables, attempt) => {
        await this.#touch(tables, { lease_expires_at: Date.now() });
        const isStored = attempt > 0 && (await hasMessage(tables, chunk[0]));
        if (!isStored) await this.#insert(tables, chunk, rows);
      });
      const heldMs = performance.now() - start;
      this.#sizer.note(weightOf(chunk), heldMs);
      await this.#database.dialect.yieldToOthers(heldMs, HELD_PER_PAUSE);
    }
  }

  async finish(): Promise<void> {
    const { session, verify, origin } = this.#build;
    if (origin !== undefined) await this.#enterInSteps(origin);
    await this.#write(async (tables, attempt) => {
      if (attempt > 0 && (await readSession(tables, session.id))) return;
      const { handle, deleted_at, seal } = toSessionRow(session);
      const free = { lease_token: 0, lease_expires_at: null };
      await this.#touch(tables, {
        purged: 0,
        handle,
        deleted_at,
        seal,
        ...free,
        ...this.#columns(),
      });
      await deriveSpent(tables, [session.id]);
      await verify?.(tables);
    });
  }

  /** Removes all traces of the session. */
  async giveUp(): Promise<void> {
    await this.#write((tables) => markUnfinishedPurged(tables).where(this.#mine()));
    await removePurged(this.#database);
  }

  /**
   * Runs first in each transaction: checks that no other process has started to store the session
   * again.
   */
  async #touch(tables: Tables, columns: object): Promise<void> {
    const count = await tables.from('sessions').where(this.#mine()).update(columns);
    if (count > 0) return;
    throw new SessionBusyError(`Another process is storing session ${this.#build.session.id}.`);
  }

  #mine() {
    return { id: this.#build.session.id, purged: UNFINISHED, lease_token: this.#token };
  }

  #rowsOf(messages: readonly Message[]): MessageRow[] {
    return rowsOf(messages, this.#build.session.id);
  }

  async #insert(
    tables: Tables,
    messages: readonly Message[],
    rows: readonly MessageRow[],
  ): Promise<void> {
    const { id } = this.#build.session;
    await insertRows(tables, rows);
    const hold = this.#build.isCopy ? holdAttachments : holdAwaited;
    await hold(tables, id, hashesOf(messages));
  }

  /**
   * Comes after the last message, so that an attempt that fails before enters nothing. If the process dies between
   * here and the end, the ledger has calls of a session that the next import stores; it enters none of them again.
   */
  async #enterInSteps(origin: string): Promise<void> {
    const { id } = this.#build.session;
    for (let after = 0; ;) {
      const range = { after, upTo: await this.#readSeqBehind(after, ENTERED_AT_ONCE) };
      if (range.upTo === undefined) return;
      after = range.upTo;
      const start = performance.now();
      await this.#write(async (tables) => {
        await this.#touch(tables, { lease_expires_at: Date.now() });
        await enterStored(tables, id, origin, range);
      });
      await this.#database.dialect.yieldToOthers(performance.now() - start, HELD_PER_PAUSE);
    }
  }

  /** The position of the last of so many messages; undefined if there are none. */
  #readSeqBehind(after: number, count: number): Promise<number | undefined> {
    return this.#database.read(async (tables) => {
      const rows = await tables
        .from('messages')
        .where('session_id', this.#build.session.id)
        .where('seq', '>', after)
        .orderBy('seq')
        .limit(count)
        .select('seq');
      return rows.at(-1)?.seq;
    });
  }

  #count(page: readonly Message[]): void {
    checkOrder(this.#build.session.id, this.#tally.lastSeq, page);
    this.#tally = addToTally(this.#tally, page);
  }

  #columns() {
    return toTallyColumns(this.#build.session, this.#tally);
  }

  #write<T>(work: (tables: Tables, attempt: number) => Promise<T>): Promise<T> {
    const { onDuplicate } = this.#build;
    return this.#database.write(work, { isRepeatable: true, onDuplicate });
  }
}

/** Removes the remains of an interrupted attempt or purge, which still use the id. */
async function removeLeftovers(database: Database, id: string): Promise<void> {
  const isThere = await database.read(async (tables) => {
    const rows = await tables.from('sessions').where('id', id).whereNot('purged', 0).select('id');
    return rows.length > 0;
  });
  if (!isThere) return;
  await database.write((tables) => markUnfinishedPurged(tables).where('id', id), {
    isRepeatable: true,
  });
  await removePurged(database);
}

async function hasMessage(tables: Tables, message: Message | undefined): Promise<boolean> {
  if (!message) return true;
  const rows = await tables.from('messages').where('id', message.id).select('id');
  return rows.length > 0;
}

async function nextPage(
  pages: AsyncIterator<readonly Message[]>,
): Promise<readonly Message[] | undefined> {
  for (;;) {
    const next = await pages.next();
    if (next.done) return undefined;
    if (next.value.length > 0) return next.value;
  }
}

function weigh({ parts }: Message): number {
  return 1 + lengthOf(parts) / CHARACTERS_PER_WEIGHT;
}

export function weightOf(messages: readonly Message[]): number {
  return messages.reduce((sum, message) => sum + weigh(message), 0);
}
