import type { Message } from '@synapse/core';
import { previewFrom } from '@synapse/core/store-kit';
import { messagesOf, readMessages, refuseUnknown } from './message-pages.ts';
import { verifiedMessage } from './message-rows.ts';
import type { MessageRow } from './rows.ts';
import type { Tables } from './tables.ts';

/** Must equal the index's expression exactly; otherwise the database does not use the index. */
export const INACTIVE = 'active = 0';
const PREVIEW_PAGE = 20;

export async function readMessage(
  tables: Tables,
  sessionId: string,
  messageId: string,
): Promise<Message | undefined> {
  const [row] = await messagesOf(tables, sessionId).where('id', messageId);
  if (!row) await refuseUnknown(tables, sessionId);
  return row && verifiedMessage(tables, row, sessionId);
}

type Placed = Pick<Message, 'seq' | 'turn' | 'variantOf' | 'active'>;
const placedColumns = ['seq', 'turn', 'variant_of', 'active'] as const;

/** The newest message of the conversation, or the newest one outside the turn `except`. */
export async function readLastActive(
  tables: Tables,
  sessionId: string,
  except?: number,
): Promise<Placed | undefined> {
  const select = tables.from('messages').where({ session_id: sessionId, active: 1 });
  if (except !== undefined) void select.whereNot('turn', except);
  const [row] = await select
    .orderBy('seq', 'desc')
    .limit(1)
    .select(...placedColumns);
  return row && toPlaced(row);
}

export async function readFirstInactive(
  tables: Tables,
  sessionId: string,
  turn: number,
): Promise<Placed | undefined> {
  const [row] = await tables
    .from('messages')
    .where({ session_id: sessionId, turn })
    .whereRaw(INACTIVE)
    .orderBy('seq')
    .limit(1)
    .select(...placedColumns);
  return row && toPlaced(row);
}

function toPlaced(row: Pick<MessageRow, (typeof placedColumns)[number]>): Placed {
  const { seq, turn, variant_of: variantOf, active } = row;
  return { seq, turn, variantOf, active: active === 1 };
}

export async function readNewestPreview(tables: Tables, sessionId: string): Promise<string | null> {
  let page = await readMessages(tables, sessionId, { limit: PREVIEW_PAGE });
  while (page.length > 0) {
    for (const message of page.toReversed()) {
      const preview = previewFrom(message.parts);
      if (preview !== null) return preview;
    }
    page = await readMessages(tables, sessionId, { limit: PREVIEW_PAGE, before: page[0]?.seq });
  }
  return null;
}

/** The number of the newest message of all turns; 0 if there is none. */
export async function readLastRowNumber(tables: Tables): Promise<number> {
  const [row] = await tables
    .from('messages')
    .orderBy('row_number', 'desc')
    .limit(1)
    .select('row_number');
  return row?.row_number ?? 0;
}
