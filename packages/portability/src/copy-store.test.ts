import { describe, expect, it } from '@jest/globals';
import { createMemoryStore } from '@synapse/storage-memory';
import { aMessage, aSession } from '@synapse/test/support/samples';
import { copyStore } from './copy-store.ts';

describe('copyStore', () => {
  it('counts copied attachments, but not missing ones', async () => {
    const source = createMemoryStore();
    const { id } = await source.sessions.create(aSession());
    const there = await source.attachments.put({
      ...{ bytes: Uint8Array.of(1), mediaType: 'image/png', name: null },
    });
    const gone = { ...there, sha256: '0'.repeat(64) };
    const parts = [there, gone].map((attachment) => ({ type: 'image' as const, attachment }));
    await source.sessions.append(id, [{ ...aMessage('look'), parts }], null);
    const target = createMemoryStore();
    expect(await copyStore(source, target)).toMatchObject({ addedCount: 1, attachmentCount: 1 });
    expect(await target.attachments.get(there.sha256)).toEqual(Uint8Array.of(1));
  });
});
