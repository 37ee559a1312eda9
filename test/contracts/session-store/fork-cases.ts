import { expect } from '@jest/globals';
import { newId } from '@synapse/core';
import {
  aConversation,
  aMessage,
  anAnswer,
  aSession,
  at,
  noon,
  textsOf,
  type TestedStore,
} from '../../support/samples.ts';
import type { ContractCases } from '../contract-cases.ts';

export const forkCases: ContractCases<TestedStore> = {
  'copies a session with its counts, without name, pin and trash': async ({ sessions }) => {
    const { id } = await aConversation({ sessions }, ['q', 'a'], {
      handle: 'work',
      title: 'A plan',
      provider: 'p',
      model: 'm',
      systemPrompt: 's',
      workingDirectory: '/w',
      pinned: true,
      archived: true,
      tags: ['x'],
      owner: 'me',
      metadata: { n: [1] },
    });
    await sessions.trash(id, noon);
    const source = await sessions.get(id);
    const fork = { id: newId(), createdAt: at(100) };
    const copy = await sessions.fork(id, fork);
    expect(copy).toEqual({
      ...source,
      ...fork,
      handle: null,
      pinned: false,
      archived: false,
      deletedAt: null,
      updatedAt: at(100),
      forkedFrom: { sessionId: id, messageId: null },
      revision: 0,
      // The answer was paid for in the source.
      unpricedCount: 0,
    });
    expect(await sessions.get(fork.id)).toEqual(copy);
    expect(await sessions.get(id)).toEqual(source);
  },

  'copies the messages under new ids': async ({ sessions }) => {
    const { id, messages } = await aConversation({ sessions }, ['q1', 'a1', 'q2']);
    const { id: copyId } = await sessions.fork(id, { id: newId(), createdAt: noon });
    const copies = await sessions.messages(copyId, { limit: 9 });
    expect(copies).toEqual(
      messages.map((message, index) => ({
        ...message,
        ...{ id: copies[index]!.id, sessionId: copyId, copyOf: message.id },
      })),
    );
    const ids = new Set([...messages, ...copies].map((message) => message.id));
    expect(ids.size).toBe(6);
  },

  'copies up to and with a message': async ({ sessions }) => {
    const { id, messages } = await aConversation({ sessions }, ['q1', 'a1', 'q2', 'a2']);
    const throughMessageId = messages[1]!.id;
    const copy = await sessions.fork(id, { id: newId(), createdAt: noon, throughMessageId });
    expect(textsOf(await sessions.messages(copy.id, { limit: 9 }))).toEqual(['q1', 'a1']);
    expect(copy).toMatchObject({
      messageCount: 2,
      turnCount: 1,
      unpricedCount: 0,
      preview: 'a1',
      forkedFrom: { sessionId: id, messageId: throughMessageId },
    });
    expect(await sessions.append(copy.id, [aMessage('q2b')], null)).toMatchObject([
      { seq: 3, turn: 2 },
    ]);
  },

  'is independent of the original afterwards': async ({ sessions }) => {
    const { id } = await aConversation({ sessions }, ['q', 'a']);
    const copy = await sessions.fork(id, { id: newId(), createdAt: noon });
    await sessions.append(copy.id, [aMessage('more')], null);
    await sessions.purge([id]);
    expect(textsOf(await sessions.messages(copy.id, { limit: 9 }))).toEqual(['q', 'a', 'more']);
  },

  'takes the handle and the title that are given': async ({ sessions }) => {
    const { id } = await sessions.create(aSession({ title: 'old' }));
    const given = { handle: 'second', title: null };
    const copy = await sessions.fork(id, { id: newId(), createdAt: noon, ...given });
    expect(copy).toMatchObject(given);
  },

  'turns a running answer into an interrupted one': async ({ sessions }) => {
    const { id } = await aConversation({ sessions }, ['q']);
    await sessions.append(id, [anAnswer('par', { status: 'running' })], null);
    const copy = await sessions.fork(id, { id: newId(), createdAt: noon });
    const [, answer] = await sessions.messages(copy.id, { limit: 9 });
    expect(answer?.status).toBe('interrupted');
    expect((await sessions.messages(id, { limit: 1 }))[0]?.status).toBe('running');
  },

  'copies more messages than a page holds': async ({ sessions }) => {
    const { id } = await sessions.create(aSession());
    const given = Array.from({ length: 620 }, (_, index) => aMessage(`${index}`));
    await sessions.append(id, given, null);
    const copy = await sessions.fork(id, { id: newId(), createdAt: noon });
    expect(copy).toMatchObject({ messageCount: 620, turnCount: 620, preview: '619' });
    expect(textsOf(await sessions.messages(copy.id, { limit: 2 }))).toEqual(['618', '619']);
  },

  'refuses an unknown message, a taken id and a taken handle, and makes nothing': async ({
    sessions,
  }) => {
    const { id } = await aConversation({ sessions }, ['q'], { handle: 'work' });
    const other = await aConversation({ sessions }, ['other']);
    const fork = { id: newId(), createdAt: noon };
    for (const throughMessageId of ['unknown', other.messages[0]!.id]) {
      await expect(sessions.fork(id, { ...fork, throughMessageId })).rejects.toMatchObject({
        code: 'SYNAPSE_MESSAGE_NOT_FOUND',
      });
    }
    await expect(sessions.fork(id, { ...fork, handle: 'work' })).rejects.toMatchObject({
      code: 'SYNAPSE_SESSION_CONFLICT',
    });
    await expect(sessions.fork(id, { ...fork, id: other.id })).rejects.toMatchObject({
      code: 'SYNAPSE_SESSION_CONFLICT',
    });
    await expect(sessions.fork('unknown', fork)).rejects.toMatchObject({
      code: 'SYNAPSE_SESSION_NOT_FOUND',
    });
    expect(await sessions.get(fork.id)).toBeUndefined();
    expect((await sessions.list({ limit: 9 })).items).toHaveLength(2);
  },
};
