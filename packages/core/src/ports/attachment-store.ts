import type { AttachmentReference } from '../session/part.ts';
import type { OwnerFilter } from './identity.ts';

/**
 * Bytes, stored once however often messages use them. A session keeps the attachments of all its
 * messages, undone ones included, so that a turn may be undone and asked again. The bytes are
 * removed when the last session that uses them is purged or cleared, unless they are being stored
 * again for a coming message. `RetentionStore.dropForgotten` removes bytes whose message never
 * came.
 */
export interface AttachmentStore {
  /** Stores the bytes unless they are there already. */
  put(attachment: NewAttachment): Promise<AttachmentReference>;

  /** Undefined if no bytes have this hash, or if no such session as `holder` names uses them. */
  get(sha256: string, holder?: AttachmentHolder): Promise<Uint8Array | undefined>;
}

/** A session that uses an attachment: this one, or any of the owner. */
export interface AttachmentHolder extends OwnerFilter {
  sessionId?: string | undefined;
}

export interface NewAttachment {
  bytes: Uint8Array;
  mediaType: string;
  name: string | null;
}
