import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openSqliteStore } from '@synapse/storage-sqlite';
import { aSession } from '../support/samples.ts';
import { startStoreProcess } from '../support/store-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();

describe('a SQLite store that may not grow', () => {
  it('says so, keeps what it acknowledged, and goes on when it may', async () => {
    const options = { path: join(folder, 'synapse.db') };
    const store = await openSqliteStore(options);
    const { id: sessionId } = await store.sessions.create(aSession());
    await store.close();

    // POSIX counts in units of 512 bytes where bash counts in 1024; either is small enough.
    const limits = { fileSizeLimitKiB: 600, persists: true, count: 400 };
    const writer = await startStoreProcess({ engine: 'sqlite', options, sessionId, ...limits });
    writer.go();
    expect(await writer.failure).toBe('SYNAPSE_STORAGE_FULL');
    const atFailure = writer.acknowledged.length;
    expect(atFailure).toBeGreaterThan(5);
    execFileSync('prlimit', ['--pid', `${writer.pid}`, '--fsize=unlimited']);
    writer.go();
    expect(await writer.ended).toBe('');
    expect(writer.acknowledged).toHaveLength(400);

    const reopened = await openSqliteStore(options);
    const stored = await reopened.sessions.messages(sessionId, { limit: 500 });
    expect(stored.map(({ id }) => id)).toEqual(writer.acknowledged);
    await reopened.close();
  }, 30_000);
});
