import {
  SessionBusyError,
  SessionHeldError,
  type Store,
  type Message,
  type Session,
} from '@synapse/core';
import {
  IMPORT_ORIGIN,
  SessionConflictError,
  type WholeSession,
  lengthOf,
} from '@synapse/core/store-kit';
import { exportedSessions } from './exported-sessions.ts';
import { checkExport } from './check-export.ts';
import { mergeSession, type Merge, type MergeOptions } from './merge-session.ts';
import { MessageCursor } from './message-cursor.ts';
import { drain } from './message-pages.ts';
import type { ExportRecord } from './export-record.ts';
import { readExport } from './read-export.ts';

export interface ImportOptions extends Pick<MergeOptions, 'isDryRun' | 'hold'> {
  /** When aborted, the import ends between two sessions; another run continues from there. */
  signal?: AbortSignal | undefined;
  /** Called with each session before it is stored; null leaves the session out. */
  choose?: ((session: Session) => Session | null) | undefined;
}

export interface ImportReport {
  added: ImportedSession[];
  /**
   * Sessions of which the store had only the first messages; `messageCount` is the number of new
   * messages.
   */
  extended: { id: string; messageCount: number }[];
  /** Sessions that continued in both: `id` is the fork with the messages of the file. */
  forked: (ImportedSession & { forkedFrom: string })[];
  /** Sessions for which the file has nothing new; they were left unchanged. */
  presentIds: string[];
  /** The present sessions for which the store has newer messages. */
  newerIds: string[];
  messageCount: number;
  /** Sessions that were added without their handle, because another session has it. */
  renamed: { id: string; handle: string }[];
  /** Sessions that could not be stored, with the reason; nothing of them was stored. */
  refused: { id: string; reason: string }[];
}

/** Only the fields that a report needs: there may be a million sessions. */
export type ImportedSession = Pick<
  Session,
  | ('id' | 'handle' | 'title' | 'messageCount')
  | ('updatedAt' | 'pinned' | 'archived' | 'deletedAt' | 'origin')
>;

type ImportedStore = Pick<Store, 'sessions' | 'attachments' | 'transfer'>;

/**
 * Imports the sessions of an export as `mergeSession` does: it adds new messages and loses nothing.
 * The file, which `open` opens anew each time, is checked to its end before anything is stored:
 * rejects with an InvalidDataError that names the wrong place. Another run of the same import is
 * harmless, and completes an interrupted one. The ledger gets the calls of new messages with the
 * origin `import`, except those that it already has.
 */
export async function importSessions(
  store: ImportedStore,
  open: () => AsyncIterable<Uint8Array>,
  options: ImportOptions = {},
): Promise<ImportReport> {
  const { hasAttachmentsApart } = await checkExport(readExport(open()));
  const report: ImportReport = {
    ...{ added: [], extended: [], forked: [], presentIds: [], newerIds: [] },
    ...{ messageCount: 0, renamed: [], refused: [] },
  };
  const stored = storingAttachments(store, readExport(open()));
  const records = options.isDryRun || hasAttachmentsApart ? readExport(open()) : stored;
  if (hasAttachmentsApart && !options.isDryRun) await drain(stored);
  const handles = new Set<string>();
  const importer = new Importer(store, options, report);
  for await (const { session: exported, pages } of exportedSessions(records)) {
    options.signal?.throwIfAborted();
    const session = options.choose ? options.choose(exported) : exported;
    if (!session) continue;
    await importer.bring(await withFreeHandle(store, session, handles, report), pages);
  }
  await importer.flush();
  return report;
}

// Up to this size, short sessions are collected and stored at once.
const SHORT_MESSAGES = 200;
const SHORT_LENGTH = 1 << 18;
const SESSIONS_PER_BATCH = 500;
const LENGTH_PER_BATCH = 1 << 20;

/** Brings sessions into a store: long ones one by one, short ones many at a time. */
class Importer {
  readonly #store: ImportedStore;
  readonly #options: ImportOptions;
  readonly #report: ImportReport;
  #batch: WholeSession[] = [];
  #length = 0;

  constructor(store: ImportedStore, options: ImportOptions, report: ImportReport) {
    this.#store = store;
    this.#options = options;
    this.#report = report;
  }

  async bring(session: Session, pages: AsyncIterable<readonly Message[]>): Promise<void> {
    if (this.#options.isDryRun) return this.#merge(session, pages);
    const cursor = new MessageCursor(pages);
    try {
      const { messages, length } = await takeShort(cursor);
      if (await cursor.peek()) {
        await this.flush();
        await this.#merge(session, startingWith(messages, cursor.rest()));
        return;
      }
      this.#batch.push({ session, messages });
      this.#length += length;
      const isFull = this.#batch.length >= SESSIONS_PER_BATCH || this.#length >= LENGTH_PER_BATCH;
      if (isFull) await this.flush();
    } finally {
      await cursor.close();
    }
  }

  /** Stores the collected sessions. */
  async flush(): Promise<void> {
    const batch = this.#batch;
    this.#batch = [];
    this.#length = 0;
    if (batch.length === 0) return;
    const outcomes = await this.#store.transfer.addSessions(batch, { origin: IMPORT_ORIGIN });
    for (const [index, { session, messages }] of batch.entries()) {
      const outcome = outcomes[index];
      if (outcome === 'added') {
        note(this.#report, session, { kind: 'added', messageCount: messages.length });
      } else if (outcome === 'present') await this.#merge(session, startingWith(messages));
      else if (outcome) this.#refuse(session, outcome);
    }
  }

  async #merge(session: Session, pages: AsyncIterable<readonly Message[]>): Promise<void> {
    try {
      const options = { ...this.#options, origin: IMPORT_ORIGIN };
      note(this.#report, session, await mergeSession(this.#store, session, pages, options));
    } catch (error) {
      if (!isRefusal(error)) throw error;
      this.#refuse(session, error);
    }
  }

  #refuse({ id }: Session, { message }: Error): void {
    this.#report.refused.push({ id, reason: message });
  }
}

async function takeShort(cursor: MessageCursor): Promise<{ messages: Message[]; length: number }> {
  const messages: Message[] = [];
  let length = 0;
  while (messages.length < SHORT_MESSAGES && length < SHORT_LENGTH) {
    const message = await cursor.take();
    if (!message) break;
    messages.push(message);
    length += lengthOf(message.parts);
  }
  return { messages, length };
}

async function* startingWith(
  page: readonly Message[],
  rest?: AsyncIterable<Message[]>,
): AsyncGenerator<readonly Message[]> {
  yield page;
  if (rest) yield* rest;
}

/** Whether an error concerns only one session, so that an import can continue with the others. */
export function isRefusal(error: unknown): error is Error {
  return [SessionConflictError, SessionHeldError, SessionBusyError].some(
    (type) => error instanceof type,
  );
}

function note(report: ImportReport, session: Session, merge: Merge): void {
  const { id, handle, title, updatedAt, pinned, archived, deletedAt, origin } = session;
  if (merge.kind === 'unchanged') {
    report.presentIds.push(id);
    if (merge.hasNewer) report.newerIds.push(id);
    return;
  }
  const { messageCount } = merge;
  report.messageCount += messageCount;
  const imported = {
    id,
    handle,
    title,
    messageCount,
    updatedAt,
    pinned,
    archived,
    deletedAt,
    origin,
  };
  if (merge.kind === 'added') report.added.push(imported);
  else if (merge.kind === 'extended') report.extended.push({ id: merge.sessionId, messageCount });
  else {
    const { sessionId, forkedFrom } = merge;
    report.forked.push({ ...imported, id: sessionId, handle: null, forkedFrom });
  }
}

/**
 * The session, without its handle if another session has it. `handles` are those already used by
 * the file.
 */
async function withFreeHandle(
  { sessions }: ImportedStore,
  session: Session,
  handles: Set<string>,
  { renamed }: ImportReport,
): Promise<Session> {
  const { id, handle, deletedAt } = session;
  // A name is free if only a session in the trash has it, and an existing session keeps its own
  // name.
  if (handle === null || deletedAt !== null || (await sessions.get(id))) return session;
  const found = handles.has(handle) ? [] : await sessions.find(handle);
  const isTaken =
    handles.has(handle) ||
    found.some((other) => other.handle === handle && other.deletedAt === null);
  if (!isTaken) {
    handles.add(handle);
    return session;
  }
  renamed.push({ id, handle });
  return { ...session, handle: null };
}

/** Passes the records on, and stores the attachments among them. */
async function* storingAttachments(
  { attachments }: ImportedStore,
  records: AsyncIterable<ExportRecord>,
): AsyncGenerator<ExportRecord> {
  for await (const record of records) {
    if (record.type === 'attachment') {
      const { bytes } = record;
      // The type and the name are in the messages that refer to it.
      await attachments.put({ bytes, mediaType: 'application/octet-stream', name: null });
    }
    yield record;
  }
}
