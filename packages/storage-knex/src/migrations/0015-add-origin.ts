import type { Migration } from './migration.ts';
import { sealByParts } from './seal-by-parts.ts';

/** The tool whose history a session was imported from. */
export const addOrigin: Migration = {
  name: '0015-add-origin',

  async up(tables) {
    await tables.newSchema().alterTable('sessions', (table) => {
      table.text('origin');
    });
  },

  async down(tables) {
    await sealByParts(tables);
    await tables.query.raw('alter table ?? drop column ??', [tables.nameOf('sessions'), 'origin']);
  },
};
