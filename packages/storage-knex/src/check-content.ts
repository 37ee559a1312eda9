import { SynapseError, type CheckFinding } from '@synapse/core';
import type { CheckOptions } from '@synapse/core/store-kit';
import type { Database } from './database.ts';
import { readLastRowNumber } from './find-messages.ts';
import { messageColumns } from './message-rows.ts';
import { isMessageIntact, type ReadRow } from './seal-message.ts';

const ROWS_PER_READ = 500;

/** Compares every message with the hash that was made when it was stored. */
export async function checkContent(
  database: Database,
  { onProgress, signal }: CheckOptions,
): Promise<CheckFinding[]> {
  const findings: CheckFinding[] = [];
  const last = await database.read(readLastRowNumber);
  let messageCount = 0;
  for (let first = 1; first <= last; first += ROWS_PER_READ) {
    signal?.throwIfAborted();
    const rows = await readWhatCanBeRead(database, first, first + ROWS_PER_READ - 1, findings);
    for (const row of rows) {
      if (!isMessageIntact(row)) findings.push(toFinding(row));
    }
    messageCount += rows.length;
    onProgress?.(messageCount);
  }
  return findings;
}

/** Used for a damaged page: reads it in halves, so that one bad row does not hide the others. */
async function readWhatCanBeRead(
  database: Database,
  first: number,
  last: number,
  findings: CheckFinding[],
): Promise<ReadRow[]> {
  try {
    return await database.read((tables) =>
      tables
        .from('messages')
        .whereBetween('row_number', [first, last])
        .select(...messageColumns),
    );
  } catch (error) {
    if (!(error instanceof SynapseError)) throw error;
    if (first === last) {
      const text = `The message in row ${first} can't be read.`;
      findings.push({ kind: 'content', sessionId: null, text });
      return [];
    }
    const middle = Math.floor((first + last) / 2);
    return [
      ...(await readWhatCanBeRead(database, first, middle, findings)),
      ...(await readWhatCanBeRead(database, middle + 1, last, findings)),
    ];
  }
}

function toFinding({ id, session_id }: ReadRow): CheckFinding {
  const text = `Message ${id} does not match its checksum.`;
  return { kind: 'content', sessionId: session_id, text };
}
