import type sqlite3 from 'sqlite3';
import { closeConnection, execute, openConnection } from './connection.ts';
import { prepareFile } from './prepare-file.ts';

const WAIT_MS = 60_000;

/**
 * Runs `work` in one process at a time. The lock is SQLite's own on an empty file beside the
 * database. The system releases it when the process dies, and the database itself stays free for
 * the transactions of the migrations and for changing the journal.
 */
export async function withMigrationLock<T>(
  driver: typeof sqlite3,
  path: string,
  work: () => Promise<T>,
): Promise<T> {
  const lockPath = `${path}-migrate`;
  prepareFile(lockPath, { makesFolder: false });
  const connection = await openConnection(driver, lockPath);
  try {
    await execute(connection, `pragma busy_timeout = ${WAIT_MS}; begin exclusive`);
    return await work();
  } finally {
    await closeConnection(connection);
  }
}
