import { attachmentsOf, type AttachmentReference } from '../session/part.ts';
import type { Session } from '../session/session.ts';
import type { ExportRecord } from './read-export.ts';
import { failAt } from './shape.ts';

export interface CheckedSession {
  session: Session;
  messageCount: number;
  /** Of the attachments that its messages refer to. */
  hashes: ReadonlySet<string>;
}

export interface CheckedExport {
  /** By their places in the file. */
  sessions: Map<number, CheckedSession>;
  references: Map<string, AttachmentReference>;
}

/** Reads an export to its end and keeps what has to be known before its messages are read again. */
export async function checkExport(records: AsyncIterable<ExportRecord>): Promise<CheckedExport> {
  const checked: CheckedExport = { sessions: new Map(), references: new Map() };
  let current = begin();
  for await (const record of records) {
    if (record.type === 'session') current.session = record.session;
    else if (record.type === 'message') {
      const { id, seq, parts } = record.message;
      if (seq <= current.lastSeq) failAt(record.place, `has the number ${seq} out of order`);
      if (current.ids.has(id)) failAt(record.place, 'has the id of an earlier message');
      current.ids.add(id);
      current.lastSeq = seq;
      for (const reference of attachmentsOf(parts)) {
        current.hashes.add(reference.sha256);
        checked.references.set(reference.sha256, reference);
      }
    } else if (record.type === 'session-end') {
      const { session, hashes, ids } = current;
      if (session) checked.sessions.set(record.index, { session, hashes, messageCount: ids.size });
      current = begin();
    }
  }
  return checked;
}

function begin() {
  return {
    session: undefined as Session | undefined,
    lastSeq: 0,
    ids: new Set<string>(),
    hashes: new Set<string>(),
  };
}
