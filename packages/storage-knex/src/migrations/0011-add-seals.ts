import { hexDigest } from '../digest.ts';
import type { MessageRow } from '../rows.ts';
import type { Tables } from '../tables.ts';
import type { Migration } from './migration.ts';

const NUMBERS = ['counts_sum', 'spent_sum', 'updated_check'] as const;
const TEXTS = ['seal', 'preview_seal'] as const;
const ROWS_PER_STEP = 200;

/**
 * What is stored of a session is checked when it is read, as what is stored of a message is by the seal
 * that `content_sha256` has since. Rows that are there already are sealed when they change.
 */
export const addSeals: Migration = {
  name: '0011-add-seals',

  async up(tables) {
    await tables.newSchema().alterTable('sessions', (table) => {
      for (const column of NUMBERS) table.bigInteger(column);
      for (const column of TEXTS) table.text(column);
    });
  },

  /** An older program knows the hash of the parts alone. */
  async down(tables) {
    await unseal(tables);
    for (const column of [...NUMBERS, ...TEXTS]) {
      await tables.query.raw('alter table ?? drop column ??', [tables.nameOf('sessions'), column]);
    }
  },
};

async function unseal(tables: Tables): Promise<void> {
  const sealed = () => tables.from('messages').where('content_sha256', 'like', '2.%');
  for (let last = 0; ;) {
    const rows: Required<Pick<MessageRow, 'row_number' | 'parts'>>[] = await sealed()
      .where('row_number', '>', last)
      .orderBy('row_number')
      .limit(ROWS_PER_STEP)
      .select('row_number', 'parts');
    for (const { row_number, parts } of rows) {
      const content_sha256 = hexDigest(parts);
      await tables.from('messages').where({ row_number }).update({ content_sha256 });
    }
    const end = rows.at(-1);
    if (!end) return;
    last = end.row_number;
  }
}
