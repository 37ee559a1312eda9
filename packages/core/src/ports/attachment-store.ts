import type { AttachmentReference } from '../session/part.ts';

/**
 * Bytes, stored once however often they are used. A message that is appended with a reference holds
 * on to them; they go when the last message that refers to them is purged.
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
