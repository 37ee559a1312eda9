import { isNote, type MessagePage } from '@synapse/core';
import { DamagedDataError, type Role } from '@synapse/core/store-kit';
import { MAX_PAGE, pageOf } from './read-messages.ts';
import type { Tables } from './tables.ts';

/**
 * A damaged index skips messages. If a page contains the whole session, the number of messages is
 * compared with the session's count. Not for a transaction that has changed only one of the two.
 */
export async function refuseGaps(
  tables: Tables,
  sessionId: string,
  page: MessagePage,
  read: readonly { role: string; active?: boolean }[],
): Promise<void> {
  if (tables.dialect.checksPages || page.role !== undefined || isFull(page, read)) return;
  if (typeof page.turns === 'object') return;
  if ('after' in page ? page.after > 0 : page.before !== undefined) return;
  const keptCount = async () => {
    const rows = await tables.from('sessions').where('id', sessionId).select('message_count');
    return rows[0]?.message_count;
  };
  const before = await keptCount();
  if (before === undefined || before === countOf(read)) return;
  // Another process may have written since.
  const found = countOf(await pageOf(tables, sessionId, page).select('role', 'active'));
  if (found === before || before !== (await keptCount())) return;
  const what = `Session ${sessionId} (${found} of its ${before} messages can be read)`;
  throw new DamagedDataError(what, sessionId, null);
}

function isFull(page: MessagePage, read: readonly unknown[]): boolean {
  return read.length >= Math.min(page.limit, MAX_PAGE);
}

function countOf(read: readonly { role: string; active?: boolean | number }[]): number {
  return read.filter(
    ({ role, active = true }) => Boolean(active) && !isNote({ role: role as Role }),
  ).length;
}
