import { TurnCheck } from '@synapse/core/store-kit';
import type { ExportRecord } from './export-record.ts';
import { failAt } from './shape.ts';

// Larger exports are not checked for this; the store refuses the session later.
const MOST_IDS = 100_000;

export interface CheckedExport {
  /** Whether attachments are stored apart from the sessions that refer to them. */
  hasAttachmentsApart: boolean;
}

/**
 * Reads an export to its end, or rejects with an InvalidDataError that names the first wrong place.
 */
export async function checkExport(records: AsyncIterable<ExportRecord>): Promise<CheckedExport> {
  let hasAttachmentsApart = false;
  let ids = new Set<string>();
  let turns = new TurnCheck();
  let lastSeq = 0;
  let hasSession = false;
  for await (const record of records) {
    if (record.type === 'session') hasSession = true;
    else if (record.type === 'message') {
      if (!hasSession) failAt(record.place, 'comes before the session that it belongs to');
      const { id, seq } = record.message;
      if (seq <= lastSeq) failAt(record.place, `has the number ${seq} out of order`);
      const fault = turns.faultOf(record.message);
      if (fault !== undefined) failAt(record.place, fault);
      if (ids.has(id)) failAt(record.place, 'has the id of an earlier message');
      if (ids.size < MOST_IDS) ids.add(id);
      lastSeq = seq;
    } else if (record.type === 'session-end') {
      ids = new Set();
      turns = new TurnCheck();
      lastSeq = 0;
      hasSession = false;
    } else if (!hasSession) hasAttachmentsApart = true;
  }
  return { hasAttachmentsApart };
}
