import { expect } from '@jest/globals';
import {
  aConversation,
  aMessage,
  anAnswer,
  aSession,
  noon,
  type TestedStore,
} from '../../support/samples.ts';
import type { ContractCases } from '../contract-cases.ts';

async function seqs(
  { sessions }: TestedStore,
  id: string,
  page: Parameters<TestedStore['sessions']['messages']>[1],
) {
  return (await sessions.messages(id, page)).map(({ seq }) => seq);
}

export const messagesCases: ContractCases<TestedStore> = {
  'gives the newest, in the order of the session': async (store) => {
    const { id } = await aConversation(store, ['1', '2', '3', '4', '5']);
    expect(await seqs(store, id, { limit: 2 })).toEqual([4, 5]);
    expect(await seqs(store, id, { limit: 50 })).toEqual([1, 2, 3, 4, 5]);
  },

  'gives the newest below a number': async (store) => {
    const { id } = await aConversation(store, ['1', '2', '3', '4', '5']);
    expect(await seqs(store, id, { limit: 2, before: 4 })).toEqual([2, 3]);
    expect(await seqs(store, id, { limit: 2, before: 1 })).toEqual([]);
  },

  'gives the oldest above a number': async (store) => {
    const { id } = await aConversation(store, ['1', '2', '3', '4', '5']);
    expect(await seqs(store, id, { limit: 2, after: 0 })).toEqual([1, 2]);
    expect(await seqs(store, id, { limit: 2, after: 4 })).toEqual([5]);
    expect(await seqs(store, id, { limit: 2, after: 5 })).toEqual([]);
  },

  'gives at most 500': async (store) => {
    const { id } = await store.sessions.create(aSession());
    const given = Array.from({ length: 501 }, (_, index) => aMessage(`${index}`));
    await store.sessions.append(id, given, null);
    expect(await seqs(store, id, { limit: 9999 })).toHaveLength(500);
  },

  'gives only the messages of the session': async (store) => {
    const { id } = await aConversation(store, ['mine']);
    const other = await aConversation(store, ['theirs']);
    expect(await store.sessions.messages(id, { limit: 9 })).toHaveLength(1);
    expect(await store.sessions.message(id, other.messages[0]!.id)).toBeUndefined();
  },

  'gives the messages of a session in the trash': async (store) => {
    const { id } = await aConversation(store, ['q']);
    await store.sessions.trash(id, noon);
    expect(await seqs(store, id, { limit: 9 })).toEqual([1]);
  },

  'gives nothing for a session without messages': async ({ sessions }) => {
    const { id } = await sessions.create(aSession());
    expect(await sessions.messages(id, { limit: 9 })).toEqual([]);
    expect(await sessions.message(id, 'unknown')).toBeUndefined();
  },

  'tells the same pages with what requests need': async (store) => {
    const { id } = await aConversation(store, ['1', '2', '3']);
    const odd = 'a \ud800 model\0';
    const by = { provider: odd, model: odd, askedProvider: odd, askedModel: odd };
    await store.sessions.append(id, [anAnswer('4', by)], null);
    for (const page of [
      { limit: 9 },
      { limit: 2, before: 4 },
      { limit: 2, after: 1 },
      { limit: 9, role: 'assistant' as const },
    ]) {
      const messages = await store.sessions.messages(id, page);
      const told = messages.map((message) => {
        const { seq, turn, role, parts, provider, model, askedProvider, askedModel } = message;
        return { seq, turn, role, parts, provider, model, askedProvider, askedModel };
      });
      expect(told.length).toBeGreaterThan(0);
      expect(await store.sessions.promptMessages(id, page)).toEqual(told);
    }
  },

  'rejects for an unknown session': async ({ sessions }) => {
    const expected = { code: 'SYNAPSE_SESSION_NOT_FOUND' };
    await expect(sessions.messages('unknown', { limit: 9 })).rejects.toMatchObject(expected);
    await expect(sessions.messages('unknown', { limit: 9, after: 0 })).rejects.toMatchObject(
      expected,
    );
    await expect(sessions.promptMessages('unknown', { limit: 9 })).rejects.toMatchObject(expected);
    await expect(sessions.message('unknown', 'unknown')).rejects.toMatchObject(expected);
  },
};
