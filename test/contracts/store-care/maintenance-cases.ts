import { expect } from '@jest/globals';
import type { Store } from '@synapse/core';
import { aConversation, aMessage, noon } from '../../support/samples.ts';
import type { ContractCases } from '../contract-cases.ts';
import { foundTexts } from './found-texts.ts';

/** Something of every kind, and traces of what went. */
async function fill(store: Store): Promise<void> {
  const bytes = Buffer.from('x');
  const attachment = await store.attachments.put({ bytes, mediaType: 'text/plain', name: 'x' });
  const { id } = await aConversation(store, ['fox', 'a', 'fox', 'b'], { tags: ['x'] });
  const parts = [{ type: 'file' as const, attachment }];
  await store.sessions.append(id, [aMessage('', { parts })], null);
  await store.sessions.undoTurn(id, null);
  const gone = await aConversation(store, ['fox', 'a']);
  await store.sessions.trash(gone.id, noon);
  const purged = await aConversation(store, ['fox', 'a']);
  await store.sessions.purge([purged.id]);
  await store.sessions.clear((await aConversation(store, ['fox'])).id, null);
}

export const maintenanceCases: ContractCases<Store> = {
  'finds nothing wrong with what it has stored': async (store) => {
    await fill(store);
    expect(await store.maintenance.check()).toEqual([]);
  },

  'says where it is and how large, with and without counting': async (store) => {
    await fill(store);
    const { engine, location, byteSize } = await store.maintenance.info();
    expect(byteSize).toBeGreaterThan(0);
    expect(await store.maintenance.place()).toEqual({ engine, location, byteSize });
  },

  'loses nothing when it is vacuumed, analyzed or scrubbed': async (store) => {
    await fill(store);
    const before = await store.transfer.sessionsAfter(null, 9);
    await store.maintenance.vacuum();
    await store.maintenance.analyze();
    await store.retention.scrub();
    expect(await store.transfer.sessionsAfter(null, 9)).toEqual(before);
    expect(await foundTexts(store, 'fox')).toEqual(['fox', 'fox']);
    expect(await store.maintenance.check()).toEqual([]);
  },

  'says what takes how much space, the largest first': async (store) => {
    await fill(store);
    const sizes = await store.maintenance.sizes();
    const byteSizes = sizes.map(({ byteSize }) => byteSize);
    expect(byteSizes).toEqual([...byteSizes].sort((a, b) => b - a));
    expect(byteSizes[0]).toBeGreaterThan(0);
    expect(sizes.map(({ name }) => name).join(' ')).toMatch(/messages|memory/);
  },

  'stops a check when it is told to': async (store) => {
    await fill(store);
    const reason = new Error('enough');
    const check = store.maintenance.check({ signal: AbortSignal.abort(reason) });
    await expect(check).rejects.toBe(reason);
  },
};
