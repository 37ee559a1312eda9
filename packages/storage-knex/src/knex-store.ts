import type { Store } from '@synapse/core';
import type { Knex } from 'knex';
import { Database } from './database.ts';
import type { Dialect } from './dialect.ts';
import { KnexAttachmentStore } from './knex-attachment-store.ts';
import { KnexMaintenance } from './knex-maintenance.ts';
import { KnexSessionStore } from './knex-session-store.ts';

/** The parts of a store over a migrated database; `location` is shown to people. */
export function createKnexStore(
  knex: Knex,
  dialect: Dialect,
  location: string,
): Pick<Store, 'sessions' | 'attachments' | 'maintenance' | 'close'> {
  const database = new Database(knex, dialect);
  return {
    sessions: new KnexSessionStore(database),
    attachments: new KnexAttachmentStore(database),
    maintenance: new KnexMaintenance(database, location),
    close: () => database.close(),
  };
}
