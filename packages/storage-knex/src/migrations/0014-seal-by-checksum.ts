import type { Tables } from '../tables.ts';
import type { Migration } from './migration.ts';
import { sealByParts } from './seal-by-parts.ts';

/** Seals of rule 2 contained a SHA-256. Every row gets a seal of the new rule when it changes. */
export const sealByChecksum: Migration = {
  name: '0014-seal-by-checksum',

  async up(tables) {
    await dropSeals(tables);
  },

  async down(tables) {
    await dropSeals(tables);
  },
};

async function dropSeals(tables: Tables): Promise<void> {
  await sealByParts(tables);
  await tables
    .from('sessions')
    .whereRaw('(seal is not null or preview_seal is not null)')
    .update({ seal: null, preview_seal: null });
}
