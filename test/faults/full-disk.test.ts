import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openSqliteStore } from '@synapse/storage-sqlite';
import { countLost, inspectDatabase } from '../support/inspect-database.ts';
import { aSession } from '../support/samples.ts';
import { itNeeds } from '../support/it-needs.ts';
import { mayMount, withSmallDisk } from '../support/small-disk.ts';
import { startStoreProcess } from '../support/store-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// SQLite does not say why it could not open a file.
const REFUSALS = new Set(['SYNAPSE_STORAGE_FULL', 'SYNAPSE_STORAGE_UNAVAILABLE']);

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
  });

  const run = itNeeds(mayMount() ? '' : 'the right to mount');
  run('says so where no file is left to be had, and goes on when one is', async () => {
    const refusals: string[] = [];
    for (let files = 1; files <= 6; files++) {
      await withSmallDisk(
        8 << 10,
        async (place, enlargeTo) => {
          const path = join(place, 'synapse.db');
          await storeOne(path).catch((error: unknown) => refusals.push(codeOf(error)));
          enlargeTo(8 << 10);
          await storeOne(path);
          expect((await inspectDatabase(path, await storeOne(path))).findings).toEqual([]);
        },
        files,
      );
    }
    expect(refusals.length).toBeGreaterThan(2);
    expect(refusals.filter((code) => !REFUSALS.has(code))).toEqual([]);
  });

  it('says so where it may open no more files, and keeps what it acknowledged', async () => {
    const options = { path: join(folder, 'few.db') };
    const sessionId = await storeOne(options.path);
    const acknowledged: string[] = [];
    const complaints: string[] = [];
    for (let more = 0; more < 6; more++) {
      const writer = await startStoreProcess({ engine: 'sqlite', options, sessionId, count: 3 });
      const open = new Set(readdirSync(`/proc/${writer.pid}/fd`).map(Number));
      let free = 0;
      while (open.has(free)) free += 1;
      execFileSync('prlimit', ['--pid', `${writer.pid}`, `--nofile=${free + more}:`]);
      writer.go();
      const complaint = await writer.ended;
      if (complaint !== '') complaints.push(complaint.split(' ', 1)[0]!);
      acknowledged.push(...writer.acknowledged);
    }
    expect(complaints.length).toBeGreaterThan(0);
    expect(acknowledged.length).toBeGreaterThan(0);
    expect(complaints.filter((code) => !REFUSALS.has(code))).toEqual([]);
    const inspection = await inspectDatabase(options.path, sessionId);
    expect({ ...inspection, lost: countLost(acknowledged, inspection) }).toMatchObject({
      findings: [],
      lost: 0,
    });
  });

  run('says so on a file system that is read-only, and changes nothing', async () => {
    await withSmallDisk(8 << 10, async (place) => {
      const path = join(place, 'synapse.db');
      await storeOne(path);
      const before = readFileSync(path);
      execFileSync('mount', ['-o', 'remount,ro', place]);
      for (const name of ['synapse.db', 'another.db']) {
        await expect(openSqliteStore({ path: join(place, name) })).rejects.toMatchObject({
          code: 'SYNAPSE_STORAGE_CANNOT_CREATE',
          message: expect.stringContaining(join(place, name)) as unknown,
        });
      }
      expect(readFileSync(path).equals(before)).toBe(true);
      execFileSync('mount', ['-o', 'remount,rw', place]);
      await storeOne(path);
    });
  });
});

/** Opens the store, and stores a session. */
async function storeOne(path: string): Promise<string> {
  const store = await openSqliteStore({ path });
  try {
    return (await store.sessions.create(aSession())).id;
  } finally {
    await store.close();
  }
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown }).code);
}
