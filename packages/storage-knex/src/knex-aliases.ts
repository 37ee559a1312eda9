import type { ConversationAliases, ConversationPrefix, OwnerFilter } from '@synapse/core/server';
import { checkAlias } from '@synapse/core/store-kit';
import type { Database } from './database.ts';
import { inChunks } from './in-chunks.ts';
import { filterByOwner, filterBySession } from './owner.ts';
import { lockSession } from './stored-sessions.ts';
import { fromStoredTextOrNull, toStoredText } from './stored-text.ts';

const HASHES_PER_READ = 500;
const ROWS_PER_INSERT = 100;

export class KnexAliases implements ConversationAliases {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  find(kind: string, value: string, { owner }: OwnerFilter = {}): Promise<string | undefined> {
    return this.#database.read(async (tables) => {
      const select = tables
        .from('session_aliases')
        .where({ kind: toStoredText(kind), value: toStoredText(value) });
      filterBySession(tables, select, 'session_aliases', owner);
      const [row] = await select.orderBy('row_number', 'desc').limit(1).select('session_id');
      return row?.session_id;
    });
  }

  async set(kind: string, value: string, sessionId: string): Promise<void> {
    checkAlias(kind, value);
    const name = { kind: toStoredText(kind), value: toStoredText(value) };
    return this.#database.write(
      async (tables) => {
        const session = await lockSession(tables, sessionId);
        const sameOwner = tables.from('sessions').select('id');
        filterByOwner(sameOwner, fromStoredTextOrNull(session.owner));
        await tables.from('session_aliases').where(name).whereIn('session_id', sameOwner).delete();
        await tables.from('session_aliases').insert({ ...name, session_id: sessionId });
      },
      { isRepeatable: true },
    );
  }

  async findPrefix(
    hashes: readonly string[],
    { owner }: OwnerFilter = {},
  ): Promise<ConversationPrefix | undefined> {
    for (const chunk of inChunks(hashes.toReversed(), HASHES_PER_READ)) {
      const rows = await this.#database.read((tables) => {
        const select = tables.from('message_prefixes').whereIn('hash', chunk);
        filterBySession(tables, select, 'message_prefixes', owner);
        return select.orderBy('row_number', 'desc');
      });
      const longest = chunk.find((hash) => rows.some((row) => row.hash === hash));
      const newest = rows.find(({ hash }) => hash === longest);
      if (!newest) continue;
      const { hash, session_id: sessionId, message_id: messageId } = newest;
      return { hash, sessionId, messageId };
    }
    return undefined;
  }

  async addPrefixes(prefixes: readonly ConversationPrefix[]): Promise<void> {
    // The last of equal prefixes counts; always in the same order, to avoid a deadlock.
    const last = new Map(prefixes.map((one) => [`${one.sessionId} ${one.hash}`, one]));
    const sessionIds = [...new Set(prefixes.map(({ sessionId }) => sessionId))].sort();
    await this.#database.write(
      async (tables) => {
        for (const sessionId of sessionIds) {
          await lockSession(tables, sessionId);
          const own = [...last.values()].filter((one) => one.sessionId === sessionId);
          for (const chunk of inChunks(own, ROWS_PER_INSERT)) {
            const hashes = chunk.map(({ hash }) => hash);
            const known = tables.from('message_prefixes').where('session_id', sessionId);
            await known.whereIn('hash', hashes).delete();
            await tables.from('message_prefixes').insert(
              chunk.map(({ hash, messageId }) => ({
                ...{ hash, session_id: sessionId, message_id: messageId },
              })),
            );
          }
        }
      },
      { isRepeatable: true },
    );
  }
}
