import type { Migration } from './migration.ts';

/** The token of the lease whose holder is asked to hand the session over. */
export const addLeaseRequested: Migration = {
  name: '0025-add-lease-requested',

  async up(tables) {
    await tables.query.raw('alter table ?? add column lease_requested bigint', [
      tables.nameOf('sessions'),
    ]);
  },

  async down(tables) {
    await tables.query.raw('alter table ?? drop column ??', [
      tables.nameOf('sessions'),
      'lease_requested',
    ]);
  },
};
