import type { Migration } from './migration.ts';
import { sealByParts } from './seal-by-parts.ts';

const COLUMNS = ['asked_provider', 'asked_model'] as const;

/** The requested model: a router, an alias or a deployment answers under another name. */
export const addAskedModel: Migration = {
  name: '0012-add-asked-model',

  async up(tables) {
    await tables.newSchema().alterTable('messages', (table) => {
      for (const column of COLUMNS) table.text(column);
    });
  },

  async down(tables) {
    await sealByParts(tables);
    for (const column of COLUMNS) {
      await tables.query.raw('alter table ?? drop column ??', [tables.nameOf('messages'), column]);
    }
  },
};
