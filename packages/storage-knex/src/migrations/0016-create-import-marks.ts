import type { Migration } from './migration.ts';

/** The state in which each file of another tool was read, so that an unchanged one is not read again. */
export const createImportMarks: Migration = {
  name: '0016-create-import-marks',

  async up(tables) {
    await tables.newSchema().createTable('import_marks', (table) => {
      table.text('place').notNullable().primary();
      table.text('mark').notNullable();
    });
  },

  async down(tables) {
    await tables.newSchema().dropTable('import_marks');
  },
};
