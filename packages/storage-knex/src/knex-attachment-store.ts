import { hash } from 'node:crypto';
import type { AttachmentReference, AttachmentStore, NewAttachment } from '@synapse/core';
import { DamagedDataError, type AttachmentHolder } from '@synapse/core/store-kit';
import type { Database } from './database.ts';
import { filterBySession } from './owner.ts';

export class KnexAttachmentStore implements AttachmentStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async put({ bytes, mediaType, name }: NewAttachment): Promise<AttachmentReference> {
    const sha256 = hash('sha256', bytes);
    const row = { sha256, bytes: Buffer.from(bytes), byte_length: bytes.byteLength };
    await this.#database.write(
      async (tables) => {
        // Runs first, so that the bytes are not removed between the check and their use.
        await tables
          .from('new_attachments')
          .insert({ sha256, stored_at: Date.now(), awaited: 1 })
          .onConflict('sha256')
          .merge({
            stored_at: Date.now(),
            awaited: tables.query.raw('?? + 1', [`${tables.nameOf('new_attachments')}.awaited`]),
          });
        await tables.from('attachments').insert(row).onConflict('sha256').ignore();
      },
      { isRepeatable: true },
    );
    return { sha256, mediaType, name, byteLength: bytes.byteLength };
  }

  async get(sha256: string, holder?: AttachmentHolder): Promise<Uint8Array | undefined> {
    if (holder && !(await this.#isHeldBy(sha256, holder))) return undefined;
    const [row] = await this.#database.read((tables) =>
      tables.from('attachments').where('sha256', sha256).select('bytes'),
    );
    if (!row) return this.#refuseLost(sha256);
    const bytes = Uint8Array.from(row.bytes);
    if (hash('sha256', bytes) === sha256) return bytes;
    throw new DamagedDataError(`Attachment ${sha256}`, null, null);
  }

  async #isHeldBy(sha256: string, { sessionId, owner }: AttachmentHolder): Promise<boolean> {
    const rows = await this.#database.read((tables) => {
      const select = tables.from('session_attachments').where('sha256', sha256);
      if (sessionId !== undefined) void select.where('session_id', sessionId);
      filterBySession(tables, select, 'session_attachments', owner);
      return select.limit(1).select('session_id');
    });
    return rows.length > 0;
  }

  /** An attachment that a session uses must exist; otherwise the database is damaged. */
  async #refuseLost(sha256: string): Promise<undefined> {
    const [held] = await this.#database.read((tables) =>
      tables.from('session_attachments').where('sha256', sha256).limit(1).select('session_id'),
    );
    if (held) throw new DamagedDataError(`Attachment ${sha256}`, null, null);
  }
}
