import {
  SessionHeldError,
  SessionNotFoundError,
  type Store,
  type Message,
  type Session,
} from '@synapse/core';
import { attachmentsOf } from '@synapse/core/store-kit';
import { digestSession } from './digest-session.ts';
import { mergeSession, type Merge, type MergeOptions } from './merge-session.ts';
import { allSessions, ledgerPages, messagePages } from './message-pages.ts';

const AUDIT_LIMIT = 100_000;
/** How often a session is copied again because it has changed meanwhile. */
const MOST_ROUNDS = 5;

export type CopiedStore = Pick<Store, 'sessions' | 'attachments' | 'retention' | 'transfer'>;

export interface CopyOptions extends Pick<MergeOptions, 'hold'> {
  /** Called after each session. */
  onProgress?: ((progress: CopyProgress) => void) | undefined;
  /** When aborted, the copy ends between two sessions; another run continues from there. */
  signal?: AbortSignal | undefined;
}

export interface CopyProgress {
  sessionCount: number;
  messageCount: number;
}

export interface CopyReport extends CopyProgress {
  addedCount: number;
  /** Sessions of which the target had only the first messages. */
  extendedCount: number;
  /** Sessions that continued in both stores: the target gets the messages of the source as a fork. */
  forkedCount: number;
  /** Sessions that the target already had; it may have newer messages. */
  presentCount: number;
  attachmentCount: number;
  /** Sessions that differ between the stores after the copy; nothing was overwritten. */
  differing: string[];
}

/**
 * Copies everything to another store of any engine: all sessions including the trash, attachments,
 * the ledger with the costs of purged sessions, and the audit. Reads each session back from the
 * target and compares it. A session that has grown since the last copy is updated, and the target
 * loses nothing; see `mergeSession`. Another run completes an interrupted copy. Rejects with the
 * signal's reason, or like `StoreTransfer`; sessions copied until then are complete.
 */
export async function copyStore(
  source: CopiedStore,
  target: CopiedStore,
  { onProgress, signal, hold }: CopyOptions = {},
): Promise<CopyReport> {
  const report: CopyReport = {
    ...{ sessionCount: 0, messageCount: 0, addedCount: 0, extendedCount: 0 },
    ...{ forkedCount: 0, presentCount: 0, attachmentCount: 0 },
    differing: [],
  };
  for await (const { id } of allSessions(source.transfer)) {
    signal?.throwIfAborted();
    const copied = await copySession(source, target, id, { report, hold });
    if (!copied) continue;
    report.sessionCount += 1;
    report.messageCount += copied.messageCount;
    onProgress?.({ sessionCount: report.sessionCount, messageCount: report.messageCount });
  }
  for await (const page of ledgerPages(source.transfer)) await target.transfer.addLedger(page);
  const entries = await source.retention.audit(AUDIT_LIMIT);
  await target.transfer.addAudit(entries.reverse());
  return report;
}

/**
 * Copies a session as it is now, and again if another process has written to it meanwhile. Undefined
 * if the source no longer has it.
 */
async function copySession(
  source: CopiedStore,
  target: CopiedStore,
  id: string,
  { report, hold }: Pick<MergeOptions, 'hold'> & { report: CopyReport },
): Promise<Session | undefined> {
  const seen = new Set<string>();
  const prepare = async (page: readonly Message[]) => {
    report.attachmentCount += await copyAttachments(source, target, page, seen);
  };
  let copied: Session | undefined;
  for (let round = 1; ; round += 1) {
    const session = await source.sessions.get(id);
    if (!session) return copied;
    if (copied?.revision === session.revision || round > MOST_ROUNDS) {
      report.differing.push(id);
      return copied;
    }
    try {
      const pages = messagePages(source.sessions, id, { turns: 'all' });
      const merge = await mergeSession(target, session, pages, { hold, prepare }).catch(ignoreHeld);
      if (!copied) report[countNames[merge.kind]] += 1;
      copied = session;
      // At once, because the cost of the session is a part of the comparison.
      for await (const page of ledgerPages(source.transfer, id)) {
        await target.transfer.addLedger(page);
      }
      if ((await digestIn(source, id)) === (await digestIn(target, id))) return copied;
    } catch (error) {
      const isGone = error instanceof SessionNotFoundError && !(await source.sessions.get(id));
      if (!isGone) throw error;
    }
  }
}

/** Read again, so that new messages or a purge meanwhile are noticed. */
async function digestIn(store: CopiedStore, sessionId: string): Promise<string | undefined> {
  const session = await store.sessions.get(sessionId);
  return (
    session && digestSession(session, messagePages(store.sessions, sessionId, { turns: 'all' }))
  );
}

const countNames = {
  added: 'addedCount',
  extended: 'extendedCount',
  forked: 'forkedCount',
  unchanged: 'presentCount',
} as const;

/** The session has not changed meanwhile, and still differs. */
function ignoreHeld(error: unknown): Merge {
  if (error instanceof SessionHeldError) return { kind: 'unchanged', hasNewer: false };
  throw error;
}

async function copyAttachments(
  source: CopiedStore,
  target: CopiedStore,
  messages: readonly Message[],
  seen: Set<string>,
): Promise<number> {
  let copiedCount = 0;
  for (const attachment of messages.flatMap(({ parts }) => attachmentsOf(parts))) {
    if (seen.has(attachment.sha256)) continue;
    seen.add(attachment.sha256);
    const bytes = await source.attachments.get(attachment.sha256);
    if (!bytes) continue;
    await target.attachments.put({ ...attachment, bytes });
    copiedCount += 1;
  }
  return copiedCount;
}
