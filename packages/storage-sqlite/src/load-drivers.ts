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
      hint: [
        'It is built by its install script. Where that was blocked, or Node has changed, run:',
        'npm install -g --allow-scripts=sqlite3 @synapse/cli',
        'or, in a checkout: npm rebuild sqlite3',
      ].join('\n'),
      cause,
    });
  }
}

export type Drivers = Awaited<ReturnType<typeof loadDrivers>>;
