import { hashParts } from '../checksum.ts';
import type { MessageRow } from '../rows.ts';
import type { Tables } from '../tables.ts';

const ROWS_PER_STEP = 200;

/**
 * A program that knows other rules would report a seal as damage; every version knows the hash of
 * the parts.
 */
export async function sealByParts(tables: Tables): Promise<void> {
  for (let last = 0; ;) {
    const rows: Required<Pick<MessageRow, 'row_number' | 'parts'>>[] = await tables
      .from('messages')
      .where('content_sha256', 'like', '_.%')
      .where('row_number', '>', last)
      .orderBy('row_number')
      .limit(ROWS_PER_STEP)
      .select('row_number', 'parts');
    for (const { row_number, parts } of rows) {
      const content_sha256 = hashParts(parts);
      await tables.from('messages').where({ row_number }).update({ content_sha256 });
    }
    const end = rows.at(-1);
    if (!end) return;
    last = end.row_number;
  }
}
