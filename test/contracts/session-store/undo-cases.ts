import { expect } from '@jest/globals';
import {
  aConversation,
  aLeaseRequest,
  aMessage,
  anAnswer,
  aSession,
  changed,
  noon,
  textsOf,
  type TestedStore,
} from '../../support/samples.ts';
import type { ContractCases } from '../contract-cases.ts';

export const undoCases: ContractCases<TestedStore> = {
  'takes the last turn out of the conversation, keeps it, and returns its messages': async ({
    sessions,
  }) => {
    const { id, messages } = await aConversation({ sessions }, ['q1', 'a1', 'q2', 'a2']);
    const undone = messages.slice(2).map((message) => ({ ...message, active: false }));
    expect(await sessions.undoTurn(id, null)).toEqual(undone);
    expect(await sessions.messages(id, { limit: 9 })).toEqual(messages.slice(0, 2));
    const all = [...messages.slice(0, 2), ...undone];
    expect(await sessions.messages(id, { limit: 9, turns: 'all' })).toEqual(all);
    expect(await sessions.message(id, undone[0]!.id)).toEqual(undone[0]);
  },

  'takes the counts and the preview back, and leaves the time and what was spent': async ({
    sessions,
  }) => {
    const { id } = await aConversation({ sessions }, ['q1', 'a1']);
    const before = await sessions.get(id);
    const usage = { ...{ inputTokens: 9, outputTokens: 8, cacheReadTokens: 0 } };
    const given = { ...usage, cacheWriteTokens: 0, reasoningTokens: 0, estimated: false };
    await sessions.append(id, [aMessage('q2'), anAnswer('a2', { usage: given })], null);
    await sessions.undoTurn(id, null);
    expect(await sessions.get(id)).toEqual({
      ...changed(before, 2),
      ...{ inputTokens: 9, outputTokens: 8, unpricedCount: 2 },
    });
  },

  'goes on with the next numbers and never gives one again': async ({ sessions }) => {
    const { id } = await aConversation({ sessions }, ['q1', 'a1', 'q2', 'a2']);
    await sessions.undoTurn(id, null);
    const [stored] = await sessions.append(id, [aMessage('q2 again')], null);
    expect(stored).toMatchObject({ seq: 5, turn: 3, variantOf: null, active: true });
  },

  'undoes turn by turn, until there is none': async ({ sessions }) => {
    const { id } = await sessions.create(aSession());
    await sessions.append(id, [anAnswer('hello'), aMessage('q1'), aMessage('q2')], null);
    expect(textsOf(await sessions.undoTurn(id, null))).toEqual(['q2']);
    expect(textsOf(await sessions.undoTurn(id, null))).toEqual(['q1']);
    expect(await sessions.undoTurn(id, null)).toEqual([]);
    expect(textsOf(await sessions.messages(id, { limit: 9 }))).toEqual(['hello']);
  },

  'stores an undone message no second time': async ({ sessions }) => {
    const { id, messages } = await aConversation({ sessions }, ['q1']);
    const undone = await sessions.undoTurn(id, null);
    expect(await sessions.append(id, messages, null)).toEqual(undone);
    expect(await sessions.messages(id, { limit: 9 })).toEqual([]);
  },

  'adds what is no question to the last turn that is left': async ({ sessions }) => {
    const { id } = await aConversation({ sessions }, ['q1', 'a1', 'q2', 'a2']);
    await sessions.undoTurn(id, null);
    expect(await sessions.append(id, [anAnswer('more')], null)).toMatchObject([{ turn: 1 }]);
    expect(textsOf(await sessions.undoTurn(id, null))).toEqual(['q1', 'a1', 'more']);
  },

  'clears a long session, with all that it holds, and leaves others theirs': async (store) => {
    const { sessions, attachments } = store;
    const { id } = await sessions.create(aSession());
    const other = await sessions.create(aSession());
    const file = async (text: string) => ({
      ...{ type: 'file' as const },
      attachment: await attachments.put({
        ...{ bytes: new TextEncoder().encode(text), mediaType: 'text/plain', name: text },
      }),
    });
    const shared = await file('shared');
    const own = await file('own');
    await sessions.append(other.id, [aMessage('q', { parts: [shared] })], null);
    await sessions.append(id, [aMessage('q', { parts: [shared, own] })], null);
    for (let page = 0; page < 3; page++) {
      const messages = Array.from({ length: 200 }, (_, index) => aMessage(`q${page} ${index}`));
      await sessions.append(id, [...messages, ...messages.map(({ id: of }) => anAnswer(of))], null);
    }
    await sessions.undoTurn(id, null);
    await sessions.clear(id, null);
    expect(await sessions.messages(id, { limit: 9, turns: 'all' })).toEqual([]);
    expect(await sessions.get(id)).toMatchObject({ messageCount: 0, turnCount: 0, preview: null });
    expect(await attachments.get(own.attachment.sha256)).toBeUndefined();
    expect(await attachments.get(shared.attachment.sha256)).toBeDefined();
    const [next] = await sessions.append(id, [aMessage('anew')], null);
    expect(next).toMatchObject({ seq: 1202, turn: 602 });
    expect(await store.maintenance.check()).toEqual([]);
  },

  'clears all messages and counts, those of undone turns too': async ({ sessions }) => {
    const { id } = await aConversation({ sessions }, ['q1', 'a1'], { title: 't', tags: ['x'] });
    const before = await sessions.get(id);
    await sessions.append(id, [aMessage('q2')], null);
    await sessions.undoTurn(id, null);
    await sessions.clear(id, null);
    expect(await sessions.messages(id, { limit: 9, turns: 'all' })).toEqual([]);
    expect(await sessions.get(id)).toEqual({
      ...changed(before, 3),
      messageCount: 0,
      turnCount: 0,
      preview: null,
    });
    expect(await sessions.append(id, [aMessage('q')], null)).toMatchObject([{ seq: 4, turn: 3 }]);
  },

  'leaves other sessions alone': async ({ sessions }) => {
    const other = await aConversation({ sessions }, ['q', 'a']);
    const { id } = await aConversation({ sessions }, ['q', 'a']);
    await sessions.undoTurn(id, null);
    await sessions.clear(id, null);
    expect(await sessions.messages(other.id, { limit: 9 })).toEqual(other.messages);
  },

  'refuses a lease that was lost': async ({ sessions }) => {
    const { id } = await aConversation({ sessions }, ['q', 'a']);
    const lease = await sessions.acquireLease(id, aLeaseRequest());
    await sessions.acquireLease(id, aLeaseRequest({ takeOver: lease.token }));
    const expected = { code: 'SYNAPSE_SESSION_BUSY' };
    await expect(sessions.undoTurn(id, lease)).rejects.toMatchObject(expected);
    await expect(sessions.clear(id, lease)).rejects.toMatchObject(expected);
    expect(await sessions.messages(id, { limit: 9 })).toHaveLength(2);
  },

  'rejects for an unknown session and for one in the trash': async ({ sessions }) => {
    const { id } = await aConversation({ sessions }, ['q', 'a']);
    await sessions.trash(id, noon);
    const expected = { code: 'SYNAPSE_SESSION_NOT_FOUND' };
    for (const sessionId of [id, 'unknown']) {
      await expect(sessions.undoTurn(sessionId, null)).rejects.toMatchObject(expected);
      await expect(sessions.clear(sessionId, null)).rejects.toMatchObject(expected);
    }
    expect(await sessions.messages(id, { limit: 9 })).toHaveLength(2);
  },
};
