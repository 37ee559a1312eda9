import { createHash } from 'node:crypto';
import type { AttachmentStore, NewAttachment, AttachmentReference } from '@synapse/core';
import type { AttachmentHolder } from '@synapse/core/store-kit';
import type { MemoryState } from './memory-state.ts';

export class MemoryAttachmentStore implements AttachmentStore {
  readonly #state: MemoryState;

  constructor(state: MemoryState) {
    this.#state = state;
  }

  async put({ bytes, mediaType, name }: NewAttachment): Promise<AttachmentReference> {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (!this.#state.attachments.has(sha256)) {
      this.#state.attachments.set(sha256, Uint8Array.from(bytes));
    }
    const awaited = (this.#state.newAttachments.get(sha256)?.awaited ?? 0) + 1;
    this.#state.newAttachments.set(sha256, { storedAtMs: Date.now(), awaited });
    return { sha256, mediaType, name, byteLength: bytes.byteLength };
  }

  async get(sha256: string, holder?: AttachmentHolder): Promise<Uint8Array | undefined> {
    if (holder && !this.#isHeldBy(sha256, holder)) return undefined;
    const bytes = this.#state.attachments.get(sha256);
    return bytes && Uint8Array.from(bytes);
  }

  #isHeldBy(sha256: string, { sessionId, owner }: AttachmentHolder): boolean {
    return [...this.#state.records.values()].some(
      ({ session, attachments }) =>
        attachments.has(sha256) &&
        (sessionId === undefined || session.id === sessionId) &&
        (owner === undefined || session.owner === owner),
    );
  }
}
