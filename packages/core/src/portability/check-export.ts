import { attachmentsOf, type AttachmentReference } from '../session/part.ts';
import type { ExportRecord } from './read-export.ts';
import { failAt } from './shape.ts';

export interface CheckedExport {
  /** What the messages refer to, by hash. */
  references: Map<string, AttachmentReference>;
}

/** Reads an export to its end and keeps what has to be known before its messages are read again. */
export async function checkExport(records: AsyncIterable<ExportRecord>): Promise<CheckedExport> {
  const references = new Map<string, AttachmentReference>();
  let ids = new Set<string>();
  let lastSeq = 0;
  let hasSession = false;
  for await (const record of records) {
    if (record.type === 'session') hasSession = true;
    else if (record.type === 'message') {
      if (!hasSession) failAt(record.place, 'comes before the session that it belongs to');
      const { id, seq, parts } = record.message;
      if (seq <= lastSeq) failAt(record.place, `has the number ${seq} out of order`);
      if (ids.has(id)) failAt(record.place, 'has the id of an earlier message');
      ids.add(id);
      lastSeq = seq;
      for (const reference of attachmentsOf(parts)) references.set(reference.sha256, reference);
    } else if (record.type === 'session-end') {
      ids = new Set();
      lastSeq = 0;
      hasSession = false;
    }
  }
  return { references };
}
