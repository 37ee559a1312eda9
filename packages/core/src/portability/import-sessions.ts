import { InvalidDataError } from '../errors/run-errors.ts';
import { SessionConflictError } from '../errors/session-errors.ts';
import type { Store } from '../ports/store.ts';
import { lengthOf } from '../session/message-length.ts';
import type { Message } from '../session/message.ts';
import type { Session } from '../session/session.ts';
import { checkExport, type CheckedExport } from './check-export.ts';
import { readExport, type ExportRecord } from './read-export.ts';

export interface ImportOptions {
  /** Checks the file and counts; stores nothing. */
  isDryRun?: boolean | undefined;
  /** When aborted, the import ends between two sessions; done again, it goes on from there. */
  signal?: AbortSignal | undefined;
}

export interface ImportReport {
  added: Session[];
  /** Sessions that the store had already; they were left as they are. */
  presentIds: string[];
  messageCount: number;
  /** Those whose handle another session has: they came without it. */
  renamed: { id: string; handle: string }[];
  /** Those that could not be stored, with the reason; nothing of them was. */
  refused: { id: string; reason: string }[];
}

type ImportedStore = Pick<Store, 'sessions' | 'attachments' | 'transfer'>;

/**
 * Stores the sessions of an export, each whole or not at all. The file, which `open` gives anew each
 * time, is read to its end and checked before anything is stored: rejects with an InvalidDataError
 * that names the place where it is wrong. Sessions that are there already stay as they are, so that
 * an import may be done twice, and one that was broken off is finished by doing it again.
 */
export async function importSessions(
  store: ImportedStore,
  open: () => AsyncIterable<Uint8Array>,
  { isDryRun, signal }: ImportOptions = {},
): Promise<ImportReport> {
  const checked = await checkExport(readExport(open()));
  const report: ImportReport = {
    ...{ added: [], presentIds: [], messageCount: 0, renamed: [], refused: [] },
  };
  const wanted = await chooseSessions(store, checked, report);
  if (isDryRun) {
    for (const { session, messageCount } of wanted.values()) {
      report.added.push({ ...session, messageCount });
      report.messageCount += messageCount;
    }
    return report;
  }
  if (wanted.size > 0) {
    await putAttachments(store, readExport(open()), wanted, checked);
    await addSessions(store, readExport(open()), wanted, { report, signal });
  }
  return report;
}

type Wanted = Map<number, { session: Session; messageCount: number; hashes: ReadonlySet<string> }>;

async function chooseSessions(
  { sessions }: ImportedStore,
  checked: CheckedExport,
  report: ImportReport,
): Promise<Wanted> {
  const wanted: Wanted = new Map();
  const ids = new Set<string>();
  const handles = new Set<string>();
  for (const [index, { session, messageCount, hashes }] of checked.sessions) {
    const { id, handle, deletedAt } = session;
    if (ids.has(id) || (await sessions.get(id))) {
      report.presentIds.push(id);
      continue;
    }
    ids.add(id);
    // In the trash a name is nobody's.
    const isNamed = handle !== null && deletedAt === null;
    const isTaken = isNamed && (handles.has(handle) || (await isHandleTaken(sessions, handle)));
    if (isTaken) report.renamed.push({ id, handle });
    else if (isNamed) handles.add(handle);
    const own = isTaken ? { ...session, handle: null } : session;
    wanted.set(index, { session: own, messageCount, hashes });
  }
  return wanted;
}

async function isHandleTaken(sessions: Store['sessions'], handle: string): Promise<boolean> {
  const found = await sessions.find(handle);
  return found.some((session) => session.handle === handle && session.deletedAt === null);
}

async function putAttachments(
  { attachments }: ImportedStore,
  records: AsyncIterable<ExportRecord>,
  wanted: Wanted,
  { references }: CheckedExport,
): Promise<void> {
  const hashes = new Set([...wanted.values()].flatMap((session) => [...session.hashes]));
  if (hashes.size === 0) return;
  for await (const record of records) {
    if (record.type !== 'attachment' || !hashes.has(record.sha256)) continue;
    const reference = references.get(record.sha256);
    if (reference) await attachments.put({ ...reference, bytes: record.bytes });
  }
}

async function addSessions(
  { transfer }: ImportedStore,
  source: AsyncIterable<ExportRecord>,
  wanted: Wanted,
  { report, signal }: { report: ImportReport; signal: AbortSignal | undefined },
): Promise<void> {
  const records = source[Symbol.asyncIterator]();
  try {
    for (const [index, { session, messageCount }] of wanted) {
      signal?.throwIfAborted();
      const messages = messagesOf(records, index, session.id);
      try {
        const addition = await transfer.addSession(session, messages);
        if (addition === 'present') report.presentIds.push(session.id);
        else {
          report.added.push({ ...session, messageCount });
          report.messageCount += messageCount;
        }
      } catch (error) {
        if (!(error instanceof SessionConflictError)) throw error;
        report.refused.push({ id: session.id, reason: error.message });
      }
    }
  } finally {
    await records.return?.();
  }
}

const MESSAGES_PER_PAGE = 500;
/** Long ones are stored one by one: what is stored at once is in memory many times over. */
const LENGTH_PER_PAGE = 1 << 20;

/** The messages of one session; those of sessions before it are passed over. */
async function* messagesOf(
  records: AsyncIterator<ExportRecord>,
  index: number,
  sessionId: string,
): AsyncGenerator<Message[]> {
  let page: Message[] = [];
  let length = 0;
  for (;;) {
    const next = await records.next();
    if (next.done) throw new InvalidDataError('The file has changed while it was read.');
    const record = next.value;
    if (record.index !== index || record.type === 'attachment') continue;
    if (record.type === 'message') {
      page.push({ ...record.message, sessionId });
      length += lengthOf(record.message.parts);
    }
    const isEnd = record.type === 'session-end';
    const isFull = page.length === MESSAGES_PER_PAGE || length >= LENGTH_PER_PAGE;
    if (page.length > 0 && (isEnd || isFull)) {
      yield page;
      page = [];
      length = 0;
    }
    if (isEnd) return;
  }
}
