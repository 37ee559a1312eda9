import type { Migration } from './migration.ts';
import { sealByParts } from './seal-by-parts.ts';

const NUMBERS = ['counts_sum', 'spent_sum', 'updated_check'] as const;
const TEXTS = ['seal', 'preview_seal'] as const;

/**
 * Reading a session checks its stored data by a seal, as the seal in `content_sha256` does for a
 * message. Existing rows are sealed when they change.
 */
export const addSeals: Migration = {
  name: '0011-add-seals',

  async up(tables) {
    await tables.newSchema().alterTable('sessions', (table) => {
      for (const column of NUMBERS) table.bigInteger(column);
      for (const column of TEXTS) table.text(column);
    });
  },

  async down(tables) {
    await sealByParts(tables);
    for (const column of [...NUMBERS, ...TEXTS]) {
      await tables.query.raw('alter table ?? drop column ??', [tables.nameOf('sessions'), column]);
    }
  },
};
