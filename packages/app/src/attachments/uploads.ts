import {
  FileNotFoundError,
  InvalidDataError,
  type AttachmentStore,
  type Part,
} from '@synapse/core';
import { toByteSize } from '@synapse/core/words';
import { recogniseContent, type Attachment } from './attachment.ts';
import { MAX_BYTES_OF_ALL } from './read-attachments.ts';
import { toParts } from './to-parts.ts';

/** Bytes that were uploaded before the question. */
export interface Upload {
  sha256: string;
  /** By default, a beginning of the hash. */
  name?: string | undefined;
}

/**
 * Uploads as parts of a question, as those of the terminal. Rejects with FileNotFoundError for bytes
 * that the store does not give to its caller.
 */
export async function uploadsToParts(
  uploads: readonly Upload[],
  store: AttachmentStore,
): Promise<Part[]> {
  const attachments: Attachment[] = [];
  let byteLength = 0;
  for (const { sha256, name = sha256.slice(0, 12) } of uploads) {
    const bytes = await store.get(sha256);
    const content = bytes && recogniseContent(bytes);
    if (!content) {
      throw new FileNotFoundError(`You have uploaded no attachment with the hash ${sha256}.`, {
        hint: 'Upload it again, and use the same token for the question.',
      });
    }
    byteLength += bytes.byteLength;
    if (byteLength > MAX_BYTES_OF_ALL) {
      throw new InvalidDataError(
        `Together, the attachments are larger than ${toByteSize(MAX_BYTES_OF_ALL)}.`,
        { hint: 'Attach fewer of them.' },
      );
    }
    attachments.push({ name, bytes, content });
  }
  return toParts(attachments, store);
}
