import {
  copyFileSync,
  existsSync,
  linkSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { aConversation, aMessage, noon, textsOf } from '@synapse/test/support/samples';
import { temporaryFolder } from '@synapse/test/support/temporary-folder';
import { loadDrivers } from './load-drivers.ts';
import { withMigrationLock } from './migration-lock.ts';
import { openSqliteStore } from './open-sqlite-store.ts';
import { restoreSqliteStore } from './restore-sqlite-store.ts';

const root = temporaryFolder();
let count = 0;
let folder: string;
let to: string;
let backup: string;
let id: string;

/** A database with two messages, and a backup of it with the first. */
beforeEach(async () => {
  folder = join(root, `${count++}`);
  to = join(folder, 'a.db');
  backup = join(folder, 'backup.db');
  const store = await openSqliteStore({ path: to });
  ({ id } = await aConversation(store, ['first']));
  await store.maintenance.fileBackup!.write(backup, { overwrite: false });
  await store.sessions.append(id, [aMessage('second')], null);
  await store.close();
});

const restore = () => restoreSqliteStore({ from: backup, to, overwrite: true, now: noon });

async function textsIn(path: string, notices: string[] = []): Promise<string[]> {
  const store = await openSqliteStore({ path, onNotice: (text) => notices.push(text) });
  try {
    expect(await store.maintenance.check()).toEqual([]);
    return textsOf(await store.sessions.messages(id, { limit: 9 }));
  } finally {
    await store.close();
  }
}

const beside = () =>
  readdirSync(folder).filter((name) => !/^(?:a|backup)\.db(?:-migrate)?$/.test(name));

/** The database, and its log with what was stored last, of a process that was killed. */
async function killedStore(): Promise<void> {
  const store = await openSqliteStore({ path: to });
  await store.sessions.append(id, [aMessage('third')], null);
  for (const suffix of ['', '-wal', '-shm']) copyFileSync(to + suffix, `${to}.kept${suffix}`);
  await store.close();
  for (const suffix of ['', '-wal', '-shm']) renameSync(`${to}.kept${suffix}`, to + suffix);
}

describe('a restore', () => {
  it('moves the log of a missing database aside before the backup takes its place', async () => {
    await killedStore();
    rmSync(to);
    writeFileSync(`${to}-journal`, 'of some other time');
    const { asidePath } = await restore();
    expect(asidePath).toBe(`${to}.before-restore-20260301T120000123Z-wal`);
    expect(await textsIn(to)).toEqual(['first']);
    expect(beside().sort()).toEqual(
      ['-journal', '-shm', '-wal'].map(
        (suffix) => `a.db.before-restore-20260301T120000123Z${suffix}`,
      ),
    );
  });

  it('merges the log of a killed process into the database that it moves aside', async () => {
    await killedStore();
    const { asidePath } = await restore();
    expect(await textsIn(to)).toEqual(['first']);
    expect(await textsIn(asidePath!)).toEqual(['first', 'second', 'third']);
  });

  it('replaces a file that is no longer a database, and keeps it with its log', async () => {
    writeFileSync(to, 'no database at all '.repeat(1000));
    writeFileSync(`${to}-wal`, 'its log');
    const { asidePath } = await restore();
    expect(await textsIn(to)).toEqual(['first']);
    expect(existsSync(`${asidePath}-wal`)).toBe(true);
  });

  it('never reuses the name of an earlier database moved aside', async () => {
    const first = await restore();
    const second = await restore();
    expect(new Set([first.asidePath, second.asidePath]).size).toBe(2);
    expect(await textsIn(first.asidePath!)).toEqual(['first', 'second']);
  });

  it('changes nothing if it fails', async () => {
    const store = await openSqliteStore({ path: to });
    await expect(restore()).rejects.toMatchObject({ code: 'SYNAPSE_STORAGE_BUSY' });
    await store.close();
    expect(beside()).toEqual([]);
    expect(await textsIn(to)).toEqual(['first', 'second']);
  });
});

describe('a start after an interrupted restore', () => {
  const aside = () => `${to}.before-restore-20260301T120000123Z`;
  const breakOff = () => copyFileSync(backup, `${to}.restoring`);

  it('reverts it if the database still exists', async () => {
    breakOff();
    linkSync(to, aside());
    const notices: string[] = [];
    expect(await textsIn(to, notices)).toEqual(['first', 'second']);
    expect(notices).toEqual([expect.stringContaining('the database is as it was before')]);
    expect(beside()).toEqual([]);
  });

  it('reverts it with the log that was moved aside', async () => {
    await killedStore();
    breakOff();
    linkSync(to, aside());
    for (const suffix of ['-wal', '-shm']) renameSync(to + suffix, aside() + suffix);
    expect(await textsIn(to)).toEqual(['first', 'second', 'third']);
    expect(beside()).toEqual([]);
  });

  it('finishes it if no database exists, and moves the remains of the old one aside', async () => {
    await killedStore();
    breakOff();
    rmSync(to);
    const notices: string[] = [];
    expect(await textsIn(to, notices)).toEqual(['first']);
    expect(notices).toEqual([expect.stringMatching(/it is complete now.*before-restore.*-wal/)]);
    expect(existsSync(`${to}.restoring`)).toBe(false);
  });

  it('waits for a running restore', async () => {
    breakOff();
    const { sqlite3 } = await loadDrivers();
    let isDone = false;
    const underWay = withMigrationLock(sqlite3, to, async () => {
      const opening = textsIn(to);
      await new Promise((resolve) => setImmediate(resolve));
      renameSync(`${to}.restoring`, to);
      isDone = true;
      return { opening };
    });
    const { opening } = await underWay;
    expect(isDone).toBe(true);
    expect(await opening).toEqual(['first']);
    expect(existsSync(to)).toBe(true);
  });
});
