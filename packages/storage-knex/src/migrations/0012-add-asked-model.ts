import { hexDigest } from '../digest.ts';
import type { MessageRow } from '../rows.ts';
import type { Tables } from '../tables.ts';
import type { Migration } from './migration.ts';

const COLUMNS = ['asked_provider', 'asked_model'] as const;
const ROWS_PER_STEP = 200;

/** Which model was asked: a router, an alias or a deployment answers under another name. */
export const addAskedModel: Migration = {
  name: '0012-add-asked-model',

  async up(tables) {
    await tables.newSchema().alterTable('messages', (table) => {
      for (const column of COLUMNS) table.text(column);
    });
  },

  async down(tables) {
    await sealWithoutThem(tables);
    for (const column of COLUMNS) {
      await tables.query.raw('alter table ?? drop column ??', [tables.nameOf('messages'), column]);
    }
  },
};

/** To an older program a seal over these columns is damage, while it takes the hash of the parts. */
async function sealWithoutThem(tables: Tables): Promise<void> {
  for (let last = 0; ;) {
    const rows: Required<Pick<MessageRow, 'row_number' | 'parts'>>[] = await tables
      .from('messages')
      .where('row_number', '>', last)
      .whereRaw('coalesce(asked_provider, asked_model) is not null')
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
