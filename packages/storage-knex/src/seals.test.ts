import { expect, it } from '@jest/globals';
import { emptySession, newMessage, type Message } from '@synapse/core';
import { toMessageRow } from './message-rows.ts';
import { toSessionRow } from './session-rows.ts';

const session = emptySession({
  ...{ id: '01900000-0000-7000-8000-000000000001', createdAt: new Date(1_700_000_000_123) },
  ...{ handle: 'work', title: 'Title', provider: 'demo', model: 'echo', systemPrompt: 'Be brief.' },
  ...{ workingDirectory: '/home', pinned: true, tags: ['b', 'a'], owner: 'me' },
  metadata: { a: [1] },
  forkedFrom: { sessionId: '01900000-0000-7000-8000-000000000002', messageId: null },
});

const message: Message = {
  ...newMessage({
    ...{ id: '01910000-0000-7000-8000-000000000001', createdAt: new Date(1_700_000_000_456) },
    ...{ role: 'assistant', status: 'failed', parts: [{ type: 'text', text: 'Hi' }] },
    ...{ provider: 'demo', model: 'echo', askedProvider: 'asked', askedModel: 'alias' },
    usage: {
      ...{ inputTokens: 1, outputTokens: 2, cacheReadTokens: 3, cacheWriteTokens: 4 },
      ...{ reasoningTokens: 5, estimated: true },
    },
    cost: { nanoUsd: 6, price: 'reported' },
    ...{ latencyMs: 7.5, timeToFirstTokenMs: 8.25 },
    finishReason: { unified: 'stop', raw: 'end' },
    error: { code: 'E', message: 'failed' },
    copyOf: '01910000-0000-7000-8000-000000000002',
  }),
  ...{ sessionId: session.id, seq: 9, turn: 3, variantOf: 2, active: false },
};

it('seals a session as every earlier version did, so that stored seals stay valid', () => {
  expect(toSessionRow(session).seal).toBe('12d54ad4');
});

it('seals a message as every earlier version did, so that stored seals stay valid', () => {
  expect(toMessageRow(message).content_sha256).toBe('3.6dde5c1b.5107f15a.9.3.2.0');
});
