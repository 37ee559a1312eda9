import { SessionHeldError, type Store, type Message, type Session } from '@synapse/core';
import { attachmentsOf } from '@synapse/core/store-kit';
import { digestSession } from './digest-session.ts';
import { mergeSession, type Merge, type MergeOptions } from './merge-session.ts';
import { allSessions, ledgerPages, messagePages } from './message-pages.ts';

const AUDIT_LIMIT = 100_000;

export type CopiedStore = Pick<Store, 'sessions' | 'attachments' | 'retention' | 'transfer'>;

export interface CopyOptions extends Pick<MergeOptions, 'hold'> {
  /** Told after each session. */
  onProgress?: ((progress: CopyProgress) => void) | undefined;
  /** When aborted, the copy ends between two sessions; done again, it goes on from there. */
  signal?: AbortSignal | undefined;
}

export interface CopyProgress {
  sessionCount: number;
  messageCount: number;
}

export interface CopyReport extends CopyProgress {
  addedCount: number;
  /** Sessions of which the target had the beginning only. */
  extendedCount: number;
  /** Sessions that have gone on in both: the target has the end of the source in a fork. */
  forkedCount: number;
  /** Sessions that the target had already; it may have newer messages. */
  presentCount: number;
  attachmentCount: number;
  /** Sessions that are not the same in both stores after the copy; nothing was overwritten. */
  differing: string[];
}

/**
 * Copies everything to another store, of whatever engine: sessions as they are, the trash among them,
 * attachments, the ledger with the costs of purged sessions, the audit. Reads each session back from
 * the target and compares it. A session that has grown since it was copied is brought up to date, and
 * nothing that the target has is lost, as
 * `mergeSession` does it: a copy that was broken off is finished by doing it again. Rejects with the
 * signal's reason, or as `StoreTransfer` does; what was copied until then is whole.
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
  for await (const session of allSessions(source.transfer)) {
    signal?.throwIfAborted();
    await copySession(source, target, session, { report, hold });
    report.sessionCount += 1;
    report.messageCount += session.messageCount;
    onProgress?.({ sessionCount: report.sessionCount, messageCount: report.messageCount });
  }
  for await (const page of ledgerPages(source.transfer)) await target.transfer.addLedger(page);
  const entries = await source.retention.audit(AUDIT_LIMIT);
  await target.transfer.addAudit(entries.reverse());
  return report;
}

async function copySession(
  source: CopiedStore,
  target: CopiedStore,
  session: Session,
  { report, hold }: Pick<MergeOptions, 'hold'> & { report: CopyReport },
): Promise<void> {
  const seen = new Set<string>();
  const prepare = async (page: readonly Message[]) => {
    report.attachmentCount += await copyAttachments(source, target, page, seen);
  };
  const pages = messagePages(source.sessions, session.id, { turns: 'all' });
  const merge = await mergeSession(target, session, pages, { hold, prepare }).catch(ignoreHeld);
  report[countNames[merge.kind]] += 1;
  // At once, because what the session spent is a part of what is compared.
  for await (const page of ledgerPages(source.transfer, session.id)) {
    await target.transfer.addLedger(page);
  }
  const isSame = (await digestIn(source, session.id)) === (await digestIn(target, session.id));
  if (!isSame) report.differing.push(session.id);
}

/** Read again, not remembered: what was said meanwhile, or a purge, must show. */
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

/** It is still what it was, and differs. */
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
