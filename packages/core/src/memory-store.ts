import { MemoryAttachmentStore } from './memory/memory-attachment-store.ts';
import { MemoryMaintenance } from './memory/memory-maintenance.ts';
import { MemorySessionStore } from './memory/memory-session-store.ts';
import { MemoryState } from './memory/memory-state.ts';
import type { Store } from './ports/store.ts';

/** A store that forgets everything with its process: the reference, and what `--ephemeral` uses. */
export function createMemoryStore(): Pick<
  Store,
  'sessions' | 'attachments' | 'maintenance' | 'close'
> {
  const state = new MemoryState();
  return {
    sessions: new MemorySessionStore(state),
    attachments: new MemoryAttachmentStore(state),
    maintenance: new MemoryMaintenance(state),
    close: async () => undefined,
  };
}
