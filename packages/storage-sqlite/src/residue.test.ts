import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Store } from '@synapse/core';
import { aConversation, at, noon } from '@synapse/test/support/samples';
import { openSqliteStore } from './open-sqlite-store.ts';

describe('what is purged', () => {
  let folder: string;
  let store: Store;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'synapse-residue-'));
    store = await openSqliteStore({ path: join(folder, 'a.db') });
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  /** The files that hold any of the words, whatever the case, as bytes. */
  function filesWith(...words: string[]): string[] {
    return readdirSync(folder).filter((name) => {
      const bytes = readFileSync(join(folder, name)).toString('latin1').toLowerCase();
      return words.some((word) => bytes.includes(word.toLowerCase()));
    });
  }

  /** Words of which no part stands anywhere else, among much else that was said. */
  async function sayCanaries(): Promise<string> {
    const filler = (turn: number) => Array.from({ length: 40 }, (_, word) => `w${turn * word}`);
    await aConversation(
      store,
      Array.from({ length: 60 }, (_, turn) => filler(turn).join(' ')),
    );
    const { id } = await aConversation(store, ['Zanzibarquux', 'xyzzyplover '.repeat(500)], {
      title: 'Frobnicatormuch',
      handle: 'wibblewobble',
      tags: ['thudgrunt'],
      metadata: { key: 'corgegarply' },
    });
    const bytes = Buffer.from('waldofred'.repeat(2000));
    const attachment = await store.attachments.put({ bytes, mediaType: 'a/b', name: 'fumfoo' });
    const [message] = await store.sessions.messages(id, { limit: 1 });
    const parts = [{ type: 'file' as const, attachment }];
    await store.sessions.append(id, [{ ...message!, id: 'm1', role: 'user', parts }], null);
    await aConversation(store, ['something said later']);
    return id;
  }
  const canaries = ['Zanzibarquux', 'xyzzyplover', 'wibblewobble', 'thudgrunt', 'corgegarply'];
  canaries.push('waldofred', 'fumfoo', 'Frobnicatormuch');

  it('leaves no trace in any file', async () => {
    const id = await sayCanaries();
    for (const canary of canaries) expect([canary, filesWith(canary)]).not.toEqual([canary, []]);
    await store.sessions.purge([id]);
    for (const canary of canaries) expect([canary, filesWith(canary)]).toEqual([canary, []]);
    expect(await store.maintenance.check()).toEqual([]);
  });

  it('leaves its title in the audit and nothing else when a cleanup has purged it', async () => {
    const id = await sayCanaries();
    await store.sessions.trash(id, noon);
    const expired = await store.retention.expiredTrash(at(1), 9);
    await store.retention.purge(expired, { at: at(1), reason: 'expired' });
    await store.retention.scrub();
    expect(filesWith('Frobnicatormuch')).not.toEqual([]);
    expect(filesWith(...canaries.slice(0, -1))).toEqual([]);
  });

  it('leaves no trace of cleared messages once the database is scrubbed', async () => {
    const texts = ['corgegarply', 'thudgrunt', 'Zanzibarquux', 'xyzzyplover'];
    const { id } = await aConversation(store, texts);
    await store.sessions.undoTurn(id, null);
    await store.sessions.clear(id, null);
    await store.retention.scrub();
    expect(filesWith('Zanzibarquux', 'xyzzyplover', 'corgegarply', 'thudgrunt')).toEqual([]);
  });
});
