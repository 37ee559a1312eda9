import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '@synapse/test/support/temporary-folder';
import { thisProcess } from './conversation/process-identity.ts';
import { StorageError } from './errors/storage-error.ts';
import { takeFileLock, tryFileLock } from './file-lock.ts';

const folder = temporaryFolder();

describe('the lock of a file', () => {
  let file: string;
  let lock: string;
  let count = 0;
  beforeEach(() => {
    file = join(folder, `settings-${(count += 1)}`);
    lock = `${file}.lock`;
  });
  const leave = (holder: string, ageMs = 0) => {
    writeFileSync(lock, holder);
    const at = (Date.now() - ageMs) / 1000;
    utimesSync(lock, at, at);
  };

  it('has one holder at a time, and leaves no file behind', () => {
    const release = tryFileLock(file);
    expect(JSON.parse(readFileSync(lock, 'utf8'))).toMatchObject({ pid: process.pid });
    expect(tryFileLock(file)).toBeUndefined();
    release?.();
    const again = tryFileLock(file);
    expect(again).toBeDefined();
    again?.();
    expect(readdirSync(folder).filter((name) => name.startsWith(`settings-${count}`))).toEqual([]);
  });

  it('is taken from a holder that was killed', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    leave(JSON.stringify({ ...thisProcess(), pid: child.pid }));
    const release = await takeFileLock(file, 1);
    expect(JSON.parse(readFileSync(lock, 'utf8'))).toMatchObject({ pid: process.pid });
    expect(existsSync(`${lock}.break`)).toBe(false);
    release();
  });

  it.each([
    ['of another machine', JSON.stringify({ ...thisProcess(), host: 'another' })],
    ['that names nobody, as its holder was killed while it made it', ''],
  ])('is kept for a holder %s, but not forever', async (_, holder) => {
    leave(holder);
    expect(tryFileLock(file)).toBeUndefined();
    leave(holder, 61_000);
    (await takeFileLock(file, 1))();
    expect(existsSync(lock)).toBe(false);
  });

  it('is never taken from a holder that runs, however long it takes', async () => {
    const holder = JSON.stringify(thisProcess());
    leave(holder, 3_600_000);
    const taken = takeFileLock(file, 2);
    await expect(taken).rejects.toThrow(StorageError);
    await expect(taken).rejects.toMatchObject({
      code: 'SYNAPSE_STORAGE_BUSY',
      message: `Another process (${process.pid}) is changing ${file}.`,
    });
    expect(readFileSync(lock, 'utf8')).toBe(holder);
  });

  it('is not released by a former holder', () => {
    const release = tryFileLock(file);
    leave('another');
    release?.();
    expect(readFileSync(lock, 'utf8')).toBe('another');
  });

  it('is left to another process that is removing a dead lock', () => {
    leave('', 61_000);
    writeFileSync(`${lock}.break`, '');
    expect(tryFileLock(file)).toBeUndefined();
    expect(existsSync(lock)).toBe(true);
  });
});
