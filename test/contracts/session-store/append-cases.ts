import { expect } from '@jest/globals';
import { newId } from '@synapse/core';
import {
  aConversation,
  aLeaseRequest,
  aMessage,
  anAnswer,
  aSession,
  at,
  noon,
  textsOf,
  type TestedStore,
} from '../../support/samples.ts';
import type { ContractCases } from '../contract-cases.ts';

const usage = {
  inputTokens: 100,
  outputTokens: 20,
  cacheReadTokens: 30,
  cacheWriteTokens: 4,
  reasoningTokens: 5,
  estimated: true,
};
const price = {
  inputPerMillion: 3.5,
  outputPerMillion: 15,
  cacheReadPerMillion: 0.3,
  cacheWritePerMillion: 3.75,
};

export const appendCases: ContractCases<TestedStore> = {
  'returns the messages with their session, order and turn': async ({ sessions }) => {
    const { id } = await sessions.create(aSession());
    const given = [
      aMessage('q1'),
      anAnswer('a1'),
      aMessage('t1', { role: 'tool' }),
      aMessage('q2'),
    ];
    const stored = await sessions.append(id, given, null);
    const turns = [1, 1, 1, 2];
    expect(stored).toEqual(
      given.map((message, index) => ({
        ...message,
        sessionId: id,
        seq: index + 1,
        ...{ turn: turns[index], variantOf: null, active: true },
      })),
    );
    expect(await sessions.messages(id, { limit: 10 })).toEqual(stored);
  },

  'keeps a cost that the provider reported, and counts it': async ({ sessions }) => {
    const { id } = await sessions.create(aSession());
    const given = anAnswer('', { usage, cost: { nanoUsd: 12_345_678, price: 'reported' } });
    const [stored] = await sessions.append(id, [given], null);
    expect(stored?.cost).toEqual(given.cost);
    expect((await sessions.message(id, given.id))?.cost).toEqual(given.cost);
    const { costNanoUsd, unpricedCount } = (await sessions.get(id)) ?? {};
    expect({ costNanoUsd, unpricedCount }).toEqual({ costNanoUsd: 12_345_678, unpricedCount: 0 });
  },

  'keeps every field of a message': async ({ sessions }) => {
    const { id } = await sessions.create(aSession());
    const given = anAnswer('', {
      status: 'failed',
      askedProvider: 'router',
      askedModel: 'router/auto',
      usage,
      cost: { nanoUsd: 123_456_789_012, price },
      latencyMs: 1234.5,
      timeToFirstTokenMs: 0,
      finishReason: { unified: 'tool-calls', raw: 'tool_use' },
      error: { code: 'SYNAPSE_PROVIDER_NETWORK', message: 'The line went dead.' },
      parts: [
        { type: 'reasoning', text: 'hm', replay: { dialect: 'd', data: { b: 1, a: [null] } } },
        { type: 'tool-call', id: 'c', name: 'n', input: { z: 1, a: 2 }, invalidInput: '{' },
        { type: 'tool-result', id: 'c', name: 'n', output: '', isError: true },
      ],
    });
    const [stored] = await sessions.append(id, [given], null);
    expect(stored).toEqual({
      ...given,
      sessionId: id,
      seq: 1,
      turn: 0,
      variantOf: null,
      active: true,
    });
    const loaded = await sessions.message(id, given.id);
    expect(loaded).toEqual(stored);
    expect(JSON.stringify(loaded?.parts)).toBe(JSON.stringify(given.parts));
  },

  'continues the numbers in later calls': async ({ sessions }) => {
    const { id } = await aConversation({ sessions }, ['q1', 'a1']);
    const [stored] = await sessions.append(id, [aMessage('q2')], null);
    expect(stored).toMatchObject({ seq: 3, turn: 2 });
  },

  'orders by arrival, whatever the clocks say': async ({ sessions }) => {
    const { id } = await sessions.create(aSession());
    await sessions.append(id, [aMessage('first', { createdAt: at(60) })], null);
    await sessions.append(id, [aMessage('second', { createdAt: at(-60) })], null);
    expect(textsOf(await sessions.messages(id, { limit: 5 }))).toEqual(['first', 'second']);
  },

  'never moves the last activity back': async ({ sessions }) => {
    const early = { createdAt: at(-60) };
    const { id } = await sessions.create(aSession());
    const lastActive = async () => (await sessions.get(id))?.updatedAt;
    await sessions.append(id, [aMessage('first', { createdAt: at(60) })], null);
    expect(await lastActive()).toEqual(at(60));
    await sessions.append(id, [aMessage('one', early)], null);
    await sessions.append(id, [aMessage('of two', early), anAnswer('two of two', early)], null);
    const running = anAnswer('so far', { ...early, status: 'running' });
    await sessions.append(id, [running], null);
    await sessions.append(id, [{ ...running, status: 'complete' }], null);
    const many = Array.from({ length: 10 }, (_, index) => aMessage(`${index} of ten`, early));
    await sessions.append(id, many, null);
    expect(await lastActive()).toEqual(at(60));
    await sessions.append(id, [aMessage('later', { createdAt: at(61) })], null);
    expect(await lastActive()).toEqual(at(61));
  },

  'derives figures, time and preview': async ({ sessions }) => {
    const { id } = await sessions.create(aSession());
    const priced = anAnswer('priced', { usage, cost: { nanoUsd: 5_000_000_001, price } });
    const unpriced = anAnswer(' not\n priced ', { usage, createdAt: at(7) });
    await sessions.append(id, [aMessage('q'), priced], null);
    await sessions.append(id, [aMessage('q'), unpriced], null);
    expect(await sessions.get(id)).toMatchObject({
      messageCount: 4,
      turnCount: 2,
      inputTokens: 200,
      outputTokens: 40,
      costNanoUsd: 5_000_000_001,
      unpricedCount: 1,
      preview: 'not priced',
      createdAt: noon,
      updatedAt: at(7),
    });
  },

  'previews the newest message that has text': async ({ sessions }) => {
    const { id } = await aConversation({ sessions }, ['q', 'a']);
    await sessions.append(id, [anAnswer('', { parts: [] })], null);
    expect((await sessions.get(id))?.preview).toBe('a');
  },

  'stores no message twice when a call is repeated': async ({ sessions }) => {
    const { id, messages } = await aConversation({ sessions }, ['q', 'a']);
    const before = await sessions.get(id);
    const repeated = messages.map((message) => ({ ...message, parts: [] }));
    expect(await sessions.append(id, repeated, null)).toEqual(messages);
    expect(await sessions.get(id)).toEqual(before);
    expect(await sessions.messages(id, { limit: 5 })).toEqual(messages);
  },

  'stores what is new in a call that is partly repeated': async ({ sessions }) => {
    const { id, messages } = await aConversation({ sessions }, ['q', 'a']);
    const fresh = aMessage('q2');
    const stored = await sessions.append(id, [...messages, fresh, fresh], null);
    expect(stored.map(({ seq }) => seq)).toEqual([1, 2, 3, 3]);
    expect((await sessions.get(id))?.messageCount).toBe(3);
  },

  'replaces a running answer in its place': async ({ sessions }) => {
    const { id } = await aConversation({ sessions }, ['q']);
    const running = anAnswer('par', { status: 'running', createdAt: at(1) });
    await sessions.append(id, [running], null);
    expect((await sessions.get(id))?.preview).toBe('par');
    const more = { ...running, parts: anAnswer('partial').parts, usage };
    expect(await sessions.append(id, [more], null)).toMatchObject([{ seq: 2, turn: 1, usage }]);
    const done = { ...more, status: 'complete' as const, cost: { nanoUsd: 7, price } };
    await sessions.append(id, [done, aMessage('next', { createdAt: at(2) })], null);
    expect(await sessions.message(id, running.id)).toEqual({
      ...done,
      sessionId: id,
      seq: 2,
      ...{ turn: 1, variantOf: null, active: true },
    });
    expect(await sessions.get(id)).toMatchObject({
      messageCount: 3,
      inputTokens: 100,
      outputTokens: 20,
      costNanoUsd: 7,
      unpricedCount: 0,
      preview: 'next',
      updatedAt: at(2),
    });
  },

  'looks for the preview again when the replaced answer loses its text': async ({ sessions }) => {
    const { id } = await aConversation({ sessions }, ['q']);
    const running = anAnswer('partial', { status: 'running' });
    await sessions.append(id, [running], null);
    await sessions.append(id, [{ ...running, status: 'failed', parts: [] }], null);
    expect((await sessions.get(id))?.preview).toBe('q');
  },

  'keeps the preview when an earlier answer is completed': async ({ sessions }) => {
    const { id } = await aConversation({ sessions }, ['q']);
    const running = anAnswer('partial', { status: 'running' });
    await sessions.append(id, [running, aMessage('later', { createdAt: at(5) })], null);
    await sessions.append(id, [{ ...running, status: 'complete' }], null);
    expect(await sessions.get(id)).toMatchObject({ preview: 'later', updatedAt: at(5) });
  },

  'refuses a message id that another session has, and stores nothing': async ({ sessions }) => {
    const { messages } = await aConversation({ sessions }, ['q']);
    const other = await sessions.create(aSession());
    const given = [aMessage('new'), { ...aMessage('taken'), id: messages[0]!.id }];
    await expect(sessions.append(other.id, given, null)).rejects.toMatchObject({
      code: 'SYNAPSE_SESSION_CONFLICT',
    });
    expect(await sessions.messages(other.id, { limit: 5 })).toEqual([]);
    expect(await sessions.get(other.id)).toEqual(other);
  },

  'rejects for an unknown session and for one in the trash': async ({ sessions }) => {
    const { id } = await sessions.create(aSession());
    await sessions.trash(id, noon);
    for (const sessionId of [id, newId()]) {
      await expect(sessions.append(sessionId, [aMessage('q')], null)).rejects.toMatchObject({
        code: 'SYNAPSE_SESSION_NOT_FOUND',
      });
    }
    expect(await sessions.messages(id, { limit: 5 })).toEqual([]);
  },

  'accepts an empty list': async ({ sessions }) => {
    const before = await sessions.create(aSession());
    expect(await sessions.append(before.id, [], null)).toEqual([]);
    expect(await sessions.get(before.id)).toEqual(before);
  },

  'keeps the order of calls that are made at once': async ({ sessions }) => {
    const { id } = await sessions.create(aSession());
    const calls = Array.from({ length: 20 }, (_, index) => [
      aMessage(`${index}a`),
      anAnswer(`${index}b`),
    ]);
    const results = await Promise.all(calls.map((given) => sessions.append(id, given, null)));
    const stored = await sessions.messages(id, { limit: 100 });
    expect(stored.map(({ seq }) => seq)).toEqual(
      Array.from({ length: 40 }, (_, index) => index + 1),
    );
    for (const [question, answer] of results) {
      expect(answer!.seq).toBe(question!.seq + 1);
      expect(answer!.turn).toBe(question!.turn);
    }
    expect((await sessions.get(id))?.turnCount).toBe(20);
  },

  'stores more messages than a page holds': async ({ sessions }) => {
    const { id } = await sessions.create(aSession());
    const given = Array.from({ length: 700 }, (_, index) => aMessage(`${index}`));
    expect(await sessions.append(id, given, null)).toHaveLength(700);
    expect((await sessions.get(id))?.messageCount).toBe(700);
  },

  'refuses a lease that was lost': async ({ sessions }) => {
    const { id } = await sessions.create(aSession());
    const first = await sessions.acquireLease(id, aLeaseRequest());
    await sessions.append(id, [aMessage('1')], first);
    const second = await sessions.acquireLease(id, aLeaseRequest({ takeOver: first.token }));
    await expect(sessions.append(id, [aMessage('2')], first)).rejects.toMatchObject({
      code: 'SYNAPSE_SESSION_BUSY',
    });
    await sessions.append(id, [aMessage('3')], second);
    await sessions.releaseLease(second);
    await expect(sessions.append(id, [aMessage('4')], second)).rejects.toMatchObject({
      code: 'SYNAPSE_SESSION_BUSY',
    });
    expect(textsOf(await sessions.messages(id, { limit: 5 }))).toEqual(['1', '3']);
  },

  'accepts a lease that ran out and was not taken': async ({ sessions }) => {
    const { id } = await sessions.create(aSession());
    const lease = await sessions.acquireLease(id, aLeaseRequest({ durationMs: 0 }));
    expect(await sessions.append(id, [aMessage('q')], lease)).toHaveLength(1);
  },

  'returns copies': async ({ sessions }) => {
    const { id, messages } = await aConversation({ sessions }, ['q']);
    messages[0]!.parts.push({ type: 'text', text: 'more' });
    messages[0]!.createdAt.setTime(0);
    const [loaded] = await sessions.messages(id, { limit: 5 });
    expect(loaded).toMatchObject({ parts: [{ text: 'q' }], createdAt: noon });
    loaded!.parts.pop();
    expect((await sessions.message(id, loaded!.id))?.parts).toHaveLength(1);
  },
};
