import { StorageError } from '@synapse/core';

/** Knex and SQLite, loaded where a database is first opened. */
export async function loadDrivers() {
  try {
    const [{ default: knex }, { default: sqlite3 }] = await Promise.all([
      import('knex'),
      import('sqlite3'),
    ]);
    return { knex, sqlite3 };
  } catch (cause) {
    throw new StorageError('The SQLite driver is not installed for this version of Node.', {
      reason: 'driver',
      hint: 'Its install script builds it. ',
      action: {
        name: 'install-driver',
        text: 'If the script was blocked, or Node has changed, install the package sqlite3 again.',
      },
      cause,
    });
  }
}

export type Drivers = Awaited<ReturnType<typeof loadDrivers>>;
