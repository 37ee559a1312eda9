import { existsSync } from 'node:fs';
import { closeConnection, execute, openConnection, readRows } from './connection.ts';

export interface StoredName {
  id: string;
  handle: string | null;
  title: string | null;
}

/**
 * The most recently active sessions outside the trash, for completion: read only, without waiting
 * for a lock, and without Knex, which takes too long to load. Empty if there is no file.
 */
export async function readSqliteNames(path: string, limit: number): Promise<StoredName[]> {
  if (!existsSync(path)) return [];
  const { default: sqlite3 } = await import('sqlite3');
  const connection = await openConnection(sqlite3, path, sqlite3.OPEN_READONLY);
  try {
    await execute(connection, 'pragma trusted_schema = off');
    return await readRows<StoredName>(
      connection,
      `select id, handle, title from sessions where deleted_at is null
        order by updated_at desc, id desc limit ${limit}`,
    );
  } finally {
    await closeConnection(connection);
  }
}
