import type { Store } from '@synapse/core';
import { scopeStore, type AuditEntry } from '@synapse/core/store-kit';
import { MemoryAliases } from './memory-aliases.ts';
import { MemoryApprovalStore } from './memory-approval-store.ts';
import { MemoryAttachmentStore } from './memory-attachment-store.ts';
import { MemoryReceiptStore } from './memory-receipt-store.ts';
import { MemoryRetentionStore } from './memory-retention-store.ts';
import { MemoryMaintenance } from './memory-maintenance.ts';
import { MemoryRunStore } from './memory-run-store.ts';
import { MemorySessionStore } from './memory-session-store.ts';
import { MemorySearch } from './memory-search.ts';
import { MemoryTokenStore } from './memory-token-store.ts';
import { MemoryTransfer } from './memory-transfer.ts';
import { MemoryUsage } from './memory-usage.ts';
import { MemoryState } from './memory-state.ts';

/**
 * A store that is lost when its process ends: the reference, and the store of sessions that are not
 * saved.
 */
export function createMemoryStore(): Store {
  const state = new MemoryState();
  const audit: AuditEntry[] = [];
  const store: Store = {
    sessions: new MemorySessionStore(state),
    attachments: new MemoryAttachmentStore(state),
    search: new MemorySearch(state),
    retention: new MemoryRetentionStore(state, audit),
    transfer: new MemoryTransfer(state, audit),
    maintenance: new MemoryMaintenance(state),
    usage: new MemoryUsage(state),
    changes: state.changes,
    tokens: new MemoryTokenStore(),
    runs: new MemoryRunStore(state),
    approvals: new MemoryApprovalStore(state),
    aliases: new MemoryAliases(state),
    receipts: new MemoryReceiptStore(),
    as: (identity) => scopeStore(store, identity),
    close: async () => undefined,
  };
  return store;
}
