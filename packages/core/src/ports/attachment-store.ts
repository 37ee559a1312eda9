import type { AttachmentReference } from '../session/part.ts';

/**
 * Bytes, stored once however often they are used. A session keeps the attachments of its messages,
 * the undone ones among them, so that a turn may be undone and asked again. The bytes go with the
 * purge, or the clear, of the last session that holds on to them, but not while they are stored again
 * for a message that has yet to come; those for which none came, when `RetentionStore.dropForgotten`
 * finds them.
 */
export interface AttachmentStore {
  /** Stores the bytes unless they are there already. */
  put(attachment: NewAttachment): Promise<AttachmentReference>;

  /** Undefined where nothing has this hash. */
  get(sha256: string): Promise<Uint8Array | undefined>;
}

export interface NewAttachment {
  bytes: Uint8Array;
  mediaType: string;
  name: string | null;
}
