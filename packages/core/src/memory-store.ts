import { MemoryAttachmentStore } from './memory/memory-attachment-store.ts';
import { MemoryRetentionStore } from './memory/memory-retention-store.ts';
import { MemoryMaintenance } from './memory/memory-maintenance.ts';
import { MemorySessionStore } from './memory/memory-session-store.ts';
import { MemorySearch } from './memory/memory-search.ts';
import { MemoryTransfer } from './memory/memory-transfer.ts';
import { MemoryUsage } from './memory/memory-usage.ts';
import { MemoryState } from './memory/memory-state.ts';
import type { AuditEntry } from './ports/retention-store.ts';
import type { Store } from './ports/store.ts';

/** A store that forgets everything with its process: the reference, and what `--ephemeral` uses. */
export function createMemoryStore(): Store {
  const state = new MemoryState();
  const audit: AuditEntry[] = [];
  return {
    sessions: new MemorySessionStore(state),
    attachments: new MemoryAttachmentStore(state),
    search: new MemorySearch(state),
    retention: new MemoryRetentionStore(state, audit),
    transfer: new MemoryTransfer(state, audit),
    maintenance: new MemoryMaintenance(state),
    usage: new MemoryUsage(state),
    close: async () => undefined,
  };
}
