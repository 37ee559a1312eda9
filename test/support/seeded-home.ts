import { join } from 'node:path';
import { silentLogger, type Store } from '@synapse/core';
import { openSqliteStore } from '@synapse/storage-sqlite';
import type { SynapseHome } from './run-synapse.ts';

/** Puts something into the store of a home, as past runs would have left it. */
export async function seedHome<T>(
  home: SynapseHome,
  seed: (store: Store) => Promise<T>,
): Promise<T> {
  const path = join(home.folder, '.config/synapse/sessions.db');
  const store = await openSqliteStore({ path, logger: silentLogger });
  try {
    return await seed(store);
  } finally {
    await store.close();
  }
}
