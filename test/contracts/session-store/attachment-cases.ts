import { createHash, randomBytes } from 'node:crypto';
import { expect } from '@jest/globals';
import { newId, type AttachmentReference } from '@synapse/core';
import { aMessage, aSession, noon, type TestedStore } from '../../support/samples.ts';
import type { ContractCases } from '../contract-cases.ts';

const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
const picture = { bytes, mediaType: 'image/png', name: 'a\0b.png' };

async function aSessionWith({ sessions }: TestedStore, attachment: AttachmentReference) {
  const { id } = await sessions.create(aSession());
  const message = aMessage('', { parts: [{ type: 'image', attachment }] });
  await sessions.append(id, [message], null);
  return { id, message };
}

export const attachmentCases: ContractCases<TestedStore> = {
  'gives the bytes back under their hash': async ({ attachments }) => {
    const reference = await attachments.put(picture);
    expect(reference).toEqual({
      sha256: createHash('sha256').update(bytes).digest('hex'),
      mediaType: 'image/png',
      name: 'a\0b.png',
      byteLength: 256,
    });
    expect(await attachments.get(reference.sha256)).toEqual(bytes);
  },

  'stores the same bytes once, under whatever name': async ({ attachments }) => {
    const first = await attachments.put(picture);
    const second = await attachments.put({ ...picture, mediaType: 'image/gif', name: null });
    expect(second).toEqual({ ...first, mediaType: 'image/gif', name: null });
  },

  'stores no bytes at all, and many': async ({ attachments }) => {
    for (const given of [new Uint8Array(), Uint8Array.from(randomBytes(3_000_000))]) {
      const { sha256 } = await attachments.put({ ...picture, bytes: given });
      const stored = await attachments.get(sha256);
      expect(stored && Buffer.from(stored).equals(given)).toBe(true);
    }
  },

  'returns undefined for an unknown hash': async ({ attachments }) => {
    expect(await attachments.get('unknown')).toBeUndefined();
  },

  'returns copies': async ({ attachments }) => {
    const given = Uint8Array.from([1, 2, 3]);
    const { sha256 } = await attachments.put({ ...picture, bytes: given });
    given[0] = 9;
    const stored = await attachments.get(sha256);
    stored![1] = 9;
    expect(await attachments.get(sha256)).toEqual(Uint8Array.from([1, 2, 3]));
  },

  'drops the bytes with the last session that uses them': async (store) => {
    const reference = await store.attachments.put(picture);
    const first = await aSessionWith(store, reference);
    const second = await aSessionWith(store, reference);
    await store.sessions.purge([first.id]);
    expect(await store.attachments.get(reference.sha256)).toEqual(bytes);
    await store.sessions.purge([second.id]);
    expect(await store.attachments.get(reference.sha256)).toBeUndefined();
  },

  'keeps bytes that are stored again for a message to come, whoever lets go of them': async (
    store,
  ) => {
    const { attachments, sessions } = store;
    for (const letGo of [
      (id: string) => sessions.purge([id]),
      (id: string) => sessions.clear(id, null),
    ]) {
      const reference = await attachments.put(picture);
      const { id } = await aSessionWith(store, reference);
      await attachments.put(picture);
      await letGo(id);
      expect(await attachments.get(reference.sha256)).toEqual(bytes);
      const next = await aSessionWith(store, reference);
      expect(await attachments.get(reference.sha256)).toEqual(bytes);
      await sessions.purge([next.id]);
      expect(await attachments.get(reference.sha256)).toBeUndefined();
    }
  },

  'keeps bytes for each of the messages that they were stored for': async (store) => {
    const reference = await store.attachments.put(picture);
    await store.attachments.put(picture);
    const first = await aSessionWith(store, reference);
    await store.sessions.purge([first.id]);
    expect(await store.attachments.get(reference.sha256)).toEqual(bytes);
    const second = await aSessionWith(store, reference);
    await store.sessions.purge([second.id]);
    expect(await store.attachments.get(reference.sha256)).toBeUndefined();
  },

  'shares the bytes with a fork': async (store) => {
    const reference = await store.attachments.put(picture);
    const { id } = await aSessionWith(store, reference);
    const copy = await store.sessions.fork(id, { id: newId(), createdAt: noon });
    await store.sessions.purge([id]);
    expect(await store.attachments.get(reference.sha256)).toEqual(bytes);
    await store.sessions.clear(copy.id, null);
    expect(await store.attachments.get(reference.sha256)).toBeUndefined();
  },

  'keeps the bytes of a turn that was undone, so that it can be asked again': async (store) => {
    const reference = await store.attachments.put(picture);
    const { id, message } = await aSessionWith(store, reference);
    await store.sessions.undoTurn(id, null);
    expect(await store.attachments.get(reference.sha256)).toEqual(bytes);
    await store.sessions.append(id, [message], null);
    await store.sessions.purge([id]);
    expect(await store.attachments.get(reference.sha256)).toBeUndefined();
  },

  'holds on to what tool results and replaced answers refer to': async (store) => {
    const output = await store.attachments.put(picture);
    const file = await store.attachments.put({ ...picture, bytes: Uint8Array.from([7]) });
    const { id } = await store.sessions.create(aSession());
    const running = aMessage('', { status: 'running' });
    await store.sessions.append(id, [running], null);
    const result = { type: 'tool-result', id: 'c', name: 'n', output: '', isError: false } as const;
    const parts = [
      { ...result, attachments: [output] },
      { type: 'file', attachment: file } as const,
    ];
    await store.sessions.append(id, [{ ...running, parts }], null);
    await store.sessions.purge([id]);
    expect(await store.attachments.get(output.sha256)).toBeUndefined();
    expect(await store.attachments.get(file.sha256)).toBeUndefined();
  },

  'keeps a message whose bytes were never stored': async (store) => {
    const reference = { sha256: 'ff'.repeat(32), mediaType: 'x/y', name: null, byteLength: 1 };
    const { id } = await aSessionWith(store, reference);
    expect(await store.sessions.messages(id, { limit: 9 })).toHaveLength(1);
    expect(await store.sessions.purge([id])).toBe(1);
  },
};
