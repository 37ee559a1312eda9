import { createHash } from 'node:crypto';
import type { AttachmentReference, AttachmentStore, NewAttachment } from '@synapse/core';
import type { Database } from './database.ts';

export class KnexAttachmentStore implements AttachmentStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async put({ bytes, mediaType, name }: NewAttachment): Promise<AttachmentReference> {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const row = { sha256, bytes: Buffer.from(bytes), byte_length: bytes.byteLength };
    await this.#database.write(
      async (tables) => {
        // First, so that nobody drops the bytes after it was seen that they are there.
        await tables
          .from('new_attachments')
          .insert({ sha256, stored_at: Date.now() })
          .onConflict('sha256')
          .merge();
        await tables.from('attachments').insert(row).onConflict('sha256').ignore();
      },
      { isRepeatable: true },
    );
    return { sha256, mediaType, name, byteLength: bytes.byteLength };
  }

  async get(sha256: string): Promise<Uint8Array | undefined> {
    const [row] = await this.#database.read((tables) =>
      tables.from('attachments').where('sha256', sha256).select('bytes'),
    );
    return row && Uint8Array.from(row.bytes);
  }
}
