import { expect } from '@jest/globals';
import { newId, type Store } from '@synapse/core';
import { aConversation, anAnswer, aLeaseRequest, at, noon } from '../../support/samples.ts';
import type { ContractCases } from '../contract-cases.ts';
import { foundTexts, say } from './found-texts.ts';

export const searchChangeCases: ContractCases<Store> = {
  'finds an answer as far as it was said, and then the whole of it': async (store) => {
    const { id } = await aConversation(store, ['q']);
    const answer = anAnswer('first words', { status: 'running' });
    await store.sessions.append(id, [answer], null);
    expect(await foundTexts(store, 'first')).toEqual(['first words']);
    const parts = [{ type: 'text' as const, text: 'second thoughts' }];
    await store.sessions.append(id, [{ ...answer, parts, status: 'complete' }], null);
    expect(await foundTexts(store, 'first')).toEqual([]);
    expect(await foundTexts(store, 'second')).toEqual(['second thoughts']);
  },

  'still finds an answer that was interrupted': async (store) => {
    const { id } = await aConversation(store, ['q']);
    await store.sessions.append(id, [anAnswer('half a word', { status: 'running' })], null);
    await store.sessions.acquireLease(id, aLeaseRequest());
    expect(await foundTexts(store, 'half')).toEqual(['half a word']);
  },

  'does not find what was undone or cleared': async (store) => {
    const { id } = await aConversation(store, ['fox one', 'a', 'fox two', 'a']);
    await store.sessions.undoTurn(id, null);
    expect(await foundTexts(store, 'fox')).toEqual(['fox one']);
    await store.sessions.clear(id, null);
    expect(await foundTexts(store, 'fox')).toEqual([]);
  },

  'does not find what lies in the trash, until it is restored': async (store) => {
    const id = await say(store, 'fox');
    await store.sessions.trash(id, noon);
    expect(await foundTexts(store, 'fox')).toEqual([]);
    await store.sessions.restore(id, noon);
    expect(await foundTexts(store, 'fox')).toEqual(['fox']);
  },

  'does not find what was purged': async (store) => {
    const gone = await say(store, 'fox gone');
    await say(store, 'fox kept');
    await store.sessions.purge([gone]);
    expect(await foundTexts(store, 'fox')).toEqual(['fox kept']);
    const old = await say(store, 'fox expired');
    await store.sessions.trash(old, noon);
    const expired = await store.retention.expiredTrash(at(1), 9);
    await store.retention.purge(expired, { at: at(1), reason: 'expired' });
    expect(await foundTexts(store, 'fox')).toEqual(['fox kept']);
  },

  'finds what a fork has copied, also after the original went': async (store) => {
    const { id, messages } = await aConversation(store, ['fox one', 'fox two', 'fox three']);
    const fork = { id: newId(), createdAt: noon, throughMessageId: messages[1]!.id };
    await store.sessions.fork(id, fork);
    expect(await foundTexts(store, 'fox')).toHaveLength(5);
    await store.sessions.purge([id]);
    expect(await foundTexts(store, 'fox')).toEqual(['fox one', 'fox two']);
  },

  'finds what an append has said again, once': async (store) => {
    const { id, messages } = await aConversation(store, ['fox']);
    await store.sessions.append(id, messages, null);
    expect(await foundTexts(store, 'fox')).toEqual(['fox']);
  },
};
