import { copyFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Store } from '@synapse/core';
import { aConversation, aMessage, textsOf } from '@synapse/test/support/samples';
import { temporaryFolder } from '@synapse/test/support/temporary-folder';
import { openSqliteStore } from './open-sqlite-store.ts';

const folder = temporaryFolder();
let count = 0;

interface Place {
  path: string;
  store: Store;
  id: string;
}

async function openPlace(): Promise<Place> {
  const path = join(folder, `${count++}`, 'synapse.db');
  const store = await openSqliteStore({ path });
  const { id } = await aConversation(store, ['kept']);
  return { path, store, id };
}

const append = ({ store, id }: Place, text = 'lost') =>
  store.sessions.append(id, [aMessage(text)], null);
const moved = (path: string) => `${path}.moved`;
const isOnLinux = process.platform === 'linux';

const ways: Record<string, { away: (path: string) => void; says: string; advises?: string }> = {
  'removes the file': {
    away: (path) => rmSync(path),
    says: 'was moved or removed',
    advises: 'only while this Synapse process runs',
  },
  'moves the file': {
    away: (path) => renameSync(path, moved(path)),
    says: 'was moved or removed',
    advises: 'synapse.db.moved now',
  },
  'removes the folder': {
    away: (path) => rmSync(dirname(path), { recursive: true }),
    says: 'was moved or removed',
    advises: 'only while this Synapse process runs',
  },
  'moves the folder': {
    away: (path) => renameSync(dirname(path), moved(dirname(path))),
    says: 'was moved or removed',
    advises: '.moved/synapse.db now',
  },
  'puts an empty folder in its place': {
    away: (path) => {
      renameSync(dirname(path), moved(dirname(path)));
      mkdirSync(dirname(path));
    },
    says: 'was moved or removed',
    advises: '.moved/synapse.db now',
  },
  'puts another file in its place': {
    away: (path) => {
      writeFileSync(moved(path), '');
      renameSync(moved(path), path);
    },
    says: 'Another file has taken the place',
    advises: 'only while this Synapse process runs',
  },
  'puts a copy in its place': {
    away: (path) => {
      copyFileSync(path, moved(path));
      renameSync(moved(path), path);
    },
    says: 'Another file has taken the place',
  },
  'removes the log': { away: (path) => rmSync(`${path}-wal`), says: 'synapse.db-wal, which' },
  'removes the index of the log': {
    away: (path) => rmSync(`${path}-shm`),
    says: 'synapse.db-shm, which',
  },
};

describe('a SQLite store in use, when a user', () => {
  it.each(Object.entries(ways))('%s, acknowledges no message', async (_, way) => {
    const place = await openPlace();
    way.away(place.path);
    const failed = {
      code: 'SYNAPSE_STORAGE_UNAVAILABLE',
      message: expect.stringContaining(way.says) as unknown,
      ...(isOnLinux && way.advises && { hint: expect.stringContaining(way.advises) as unknown }),
    };
    await expect(append(place)).rejects.toMatchObject(failed);
    await expect(place.store.sessions.update(place.id, { title: 'lost' })).rejects.toMatchObject({
      ...failed,
    });
    await place.store.close();
  });

  it('moves the file and back again, continues', async () => {
    const place = await openPlace();
    renameSync(place.path, moved(place.path));
    await expect(append(place)).rejects.toMatchObject({ code: 'SYNAPSE_STORAGE_UNAVAILABLE' });
    renameSync(moved(place.path), place.path);
    await append(place, 'found');
    await place.store.close();
    const again = await openSqliteStore({ path: place.path });
    expect(textsOf(await again.sessions.messages(place.id, { limit: 9 }))).toContain('found');
    await again.close();
  });

  it('moves the folder and leaves a link to it, continues', async () => {
    const place = await openPlace();
    renameSync(dirname(place.path), moved(dirname(place.path)));
    symlinkSync(moved(dirname(place.path)), dirname(place.path));
    await append(place, 'found');
    await place.store.close();
  });

  it('removes the file, does not create an empty one when it reconnects', async () => {
    const place = await openPlace();
    rmSync(place.path);
    await append(place).catch(() => undefined);
    await place.store.close();
    // What SQLite would remove: the log of a database that is gone.
    await expect(openSqliteStore({ path: place.path })).rejects.toMatchObject({
      code: 'SYNAPSE_STORAGE_UNAVAILABLE',
      message: expect.stringContaining('is missing, but its log exists') as unknown,
    });
  });
});
