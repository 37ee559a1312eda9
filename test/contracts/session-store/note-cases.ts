import { expect } from '@jest/globals';
import { newId } from '@synapse/core';
import {
  aContext,
  aConversation,
  aMessage,
  anAnswer,
  at,
  aTitle,
  type TestedStore,
} from '../../support/samples.ts';
import type { ContractCases } from '../contract-cases.ts';

const usage = {
  inputTokens: 100,
  outputTokens: 20,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  reasoningTokens: 0,
  estimated: false,
};
const price = {
  inputPerMillion: 1,
  outputPerMillion: 1,
  cacheReadPerMillion: 1,
  cacheWritePerMillion: 1,
};

export const noteCases: ContractCases<TestedStore> = {
  'keeps notes in their place, and counts them for what they cost': async (store) => {
    const { sessions, maintenance } = store;
    const { id } = await aConversation(store, ['q', 'a']);
    const paid = { provider: 'demo', model: 'echo', usage, cost: { nanoUsd: 120, price } };
    const context = aContext({ summary: 'They said q.', summarySeq: 2 }, paid);
    await sessions.append(id, [context, aTitle('A talk', paid), aContext({ leftOutSeq: 2 })], null);
    expect(await sessions.get(id)).toMatchObject({
      messageCount: 2,
      turnCount: 1,
      inputTokens: 200,
      costNanoUsd: 240,
      unpricedCount: 1,
      preview: 'a',
    });
    const notes = (await sessions.messages(id, { limit: 9 })).slice(2);
    expect(notes.map(({ seq, turn, role }) => [seq, turn, role])).toEqual([
      [3, 1, 'context'],
      [4, 1, 'title'],
      [5, 1, 'context'],
    ]);
    expect(notes[0]).toMatchObject({ ...context, cost: { nanoUsd: 120 } });
    expect(await maintenance.check()).toEqual([]);
  },

  'counts a note whose price is unknown': async (store) => {
    const { id } = await aConversation(store, ['q']);
    await store.sessions.append(id, [aContext({ summary: 'q' }, { usage })], null);
    expect(await store.sessions.get(id)).toMatchObject({ unpricedCount: 1, messageCount: 1 });
    expect(await store.maintenance.check()).toEqual([]);
  },

  'gives only the messages of a role, from either end': async (store) => {
    const { sessions } = store;
    const { id } = await aConversation(store, ['q']);
    for (const leftOutSeq of [1, 2, 3]) {
      await sessions.append(id, [aContext({ leftOutSeq }), anAnswer('a')], null);
    }
    const seqsOf = async (page: Parameters<typeof sessions.messages>[1]) =>
      (await sessions.messages(id, page)).map(({ seq }) => seq);
    expect(await seqsOf({ limit: 1, role: 'context' })).toEqual([6]);
    expect(await seqsOf({ limit: 9, role: 'context', before: 6 })).toEqual([2, 4]);
    expect(await seqsOf({ limit: 1, role: 'context', after: 2 })).toEqual([4]);
    expect(await seqsOf({ limit: 9, role: 'user' })).toEqual([1]);
    expect(await seqsOf({ limit: 9, role: 'title' })).toEqual([]);
  },

  'takes the notes of a turn back with it': async (store) => {
    const { sessions } = store;
    const { id } = await aConversation(store, ['q', 'a']);
    await sessions.append(id, [aMessage('r'), aContext({ leftOutSeq: 2 })], null);
    await sessions.undoTurn(id, null);
    expect(await sessions.messages(id, { limit: 9, role: 'context' })).toEqual([]);
    await sessions.append(id, [aContext({ leftOutSeq: 2 })], null);
    await sessions.clear(id, null);
    expect(await sessions.messages(id, { limit: 9, role: 'context' })).toEqual([]);
  },

  'copies notes into a fork that goes so far': async (store) => {
    const { sessions } = store;
    const { id, messages } = await aConversation(store, ['q', 'a']);
    await sessions.append(id, [aContext({ leftOutSeq: 1 })], null);
    const whole = await sessions.fork(id, { id: newId(), createdAt: at(9) });
    const [note] = await sessions.messages(whole.id, { limit: 1, role: 'context' });
    expect(note).toMatchObject({ seq: 3, parts: [{ leftOutSeq: 1 }] });
    const throughMessageId = messages[1]?.id;
    const part = await sessions.fork(id, { id: newId(), createdAt: at(9), throughMessageId });
    expect(await sessions.messages(part.id, { limit: 1, role: 'context' })).toEqual([]);
  },
};
