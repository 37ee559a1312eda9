import type { RunNotices } from './run-notices.ts';
import type { Store } from '@synapse/core';
import { scopeStore } from '@synapse/core/store-kit';
import type { Knex } from 'knex';
import { Database } from './database.ts';
import type { SqlDialect } from './dialect.ts';
import { KnexAliases } from './knex-aliases.ts';
import { KnexApprovalStore } from './knex-approval-store.ts';
import { KnexAttachmentStore } from './knex-attachment-store.ts';
import { KnexChangeFeed } from './knex-change-feed.ts';
import { KnexMaintenance } from './knex-maintenance.ts';
import { KnexReceiptStore } from './knex-receipt-store.ts';
import { KnexRetentionStore } from './knex-retention-store.ts';
import { KnexRunStore } from './knex-run-store.ts';
import { KnexSearch } from './knex-search.ts';
import { KnexSessionStore } from './knex-session-store.ts';
import { KnexTokenStore } from './knex-token-store.ts';
import { KnexTransfer } from './knex-transfer.ts';
import { KnexUsage } from './knex-usage.ts';

/** The parts of a store over a migrated database; `location` is shown to people. */
export function createKnexStore(
  knex: Knex,
  dialect: SqlDialect,
  location: string,
  notices: RunNotices | null = null,
): Store {
  const database = new Database(knex, dialect);
  const store: Store = {
    sessions: new KnexSessionStore(database),
    attachments: new KnexAttachmentStore(database),
    search: new KnexSearch(database),
    retention: new KnexRetentionStore(database),
    transfer: new KnexTransfer(database),
    maintenance: new KnexMaintenance(database, location),
    usage: new KnexUsage(database),
    changes: new KnexChangeFeed(database),
    tokens: new KnexTokenStore(database),
    runs: new KnexRunStore(database, notices),
    approvals: new KnexApprovalStore(database),
    aliases: new KnexAliases(database),
    receipts: new KnexReceiptStore(database),
    as: (identity) => scopeStore(store, identity),
    close: async () => {
      await notices?.close();
      await database.close();
    },
  };
  return store;
}
