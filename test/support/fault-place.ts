import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '@synapse/storage-sqlite';
import { aConversation } from './samples.ts';

export interface FaultPlace {
  folder: string;
  path: string;
  sessionId: string;
}

/** A database with one session, closed, in a folder that is removed afterwards. */
export async function withDatabase<T>(work: (place: FaultPlace) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'synapse-fault-'));
  try {
    const path = join(folder, 'synapse.db');
    const store = await openSqliteStore({ path });
    const { id: sessionId } = await aConversation(store, []);
    await store.close();
    return await work({ folder, path, sessionId });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
