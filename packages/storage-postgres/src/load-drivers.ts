import { StorageError } from '@synapse/core';

/** Knex and pg, loaded where a database is first opened. */
export async function loadDrivers() {
  try {
    const [{ default: knex }, { default: pg }] = await Promise.all([import('knex'), import('pg')]);
    return { knex, pg };
  } catch (cause) {
    throw new StorageError('The PostgreSQL driver is not installed.', {
      reason: 'driver',
      hint: 'Run: npm install pg',
      cause,
    });
  }
}
