import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { JsonObject, JsonValue } from '@synapse/core';
import { counts, importText, outlineOf } from '@synapse/test/support/imported-histories';
import fc from 'fast-check';

const file = { name: 'a.ts', description: 'a.ts', content: 'export {}', id: {} };
const call = (id: string, args = '{"path":"a.ts"}') => ({
  ...{ id, type: 'function', function: { name: 'read_file', arguments: args } },
});
const usage = {
  ...{ promptTokens: 100, completionTokens: 20 },
  promptTokensDetails: { cachedTokens: 30, cacheWriteTokens: 10 },
  completionTokensDetails: { reasoningTokens: 5 },
};
const promptLogs = [
  { modelTitle: 'Sonnet', modelProvider: 'anthropic', prompt: 'p', completion: 'c' },
];
const image = { type: 'imageUrl', imageUrl: { url: 'data:image/png;base64,iVBORw0KGgo=' } };

const history: JsonObject[] = [
  { message: { role: 'system', content: 'You are helpful.' }, contextItems: [] },
  {
    message: { role: 'user', content: [{ type: 'text', text: 'Explain it' }, image] },
    contextItems: [file],
  },
  { message: { role: 'thinking', content: 'I read it first.' }, contextItems: [] },
  {
    message: {
      role: 'assistant',
      content: 'I read.',
      toolCalls: [call('c1'), call('c2', '{bad')],
      usage,
    },
    ...{ contextItems: [], promptLogs },
    toolCallStates: [
      { toolCallId: 'c1', status: 'done', output: [{ ...file, content: 'export {}' }] },
      {
        toolCallId: 'c2',
        status: 'errored',
        output: [{ name: 'Error', content: 'Bad arguments' }],
      },
    ],
  },
  {
    message: { role: 'assistant', content: 'It exports nothing.' },
    reasoning: { active: false, text: 'Easy.' },
  },
];

const outline = [
  'user: text You are helpful.',
  'user: text image file Explain it',
  'assistant: reasoning text tool-call tool-call I read.',
  'tool: tool-result tool-result',
  'assistant: reasoning text It exports nothing.',
];

const sessionOf = (items: readonly JsonValue[]) =>
  JSON.stringify({
    ...{ sessionId: 's1', title: 'Explanation', workspaceDirectory: 'file:///work/my%20app' },
    ...{ history: items, chatModelTitle: 'Other' },
  });

describe('histories of Continue', () => {
  it('reads messages, attached files, reasoning, calls and their results', async () => {
    const { receipt, sessions, store } = await importText('s1.json', sessionOf(history));
    expect(receipt).toMatchObject({ tool: 'continue', skipped: [] });
    expect(counts(receipt)).toBe('+1 x0 f0 =0 m5');
    const { session, messages } = sessions[0]!;
    expect(outlineOf(messages)).toEqual(outline);
    expect(messages[0]!.parts).toMatchObject([{ isInjected: true }]);
    expect(messages[1]!.parts).toMatchObject([
      {},
      { attachment: { mediaType: 'image/png', byteLength: 8 } },
      { attachment: { mediaType: 'text/plain', name: 'a.ts', byteLength: 9 } },
    ]);
    expect(messages[2]).toMatchObject({
      ...{ model: 'Sonnet', provider: 'anthropic' },
      usage: {
        ...{ inputTokens: 140, outputTokens: 20, cacheReadTokens: 30, cacheWriteTokens: 10 },
        reasoningTokens: 5,
      },
    });
    expect(messages[2]!.parts.slice(2)).toEqual([
      { type: 'tool-call', id: 'c1', name: 'read_file', input: { path: 'a.ts' } },
      { type: 'tool-call', id: 'c2', name: 'read_file', input: {}, invalidInput: '{bad' },
    ]);
    expect(messages[3]!.parts).toEqual([
      { type: 'tool-result', id: 'c1', name: 'read_file', output: 'export {}', isError: false },
      { type: 'tool-result', id: 'c2', name: 'read_file', output: 'Bad arguments', isError: true },
    ]);
    expect(session).toMatchObject({
      ...{ title: 'Explanation', workingDirectory: '/work/my app', model: 'Sonnet' },
    });
    const again = await importText('s1.json', sessionOf(history), store);
    expect(counts(again.receipt)).toBe('+0 x0 f0 =1 m0');
  });

  it('takes the time from the list of sessions', async () => {
    const home = await mkdtemp(join(tmpdir(), 'continue-'));
    try {
      const listed = { sessionId: 's1', title: 'x', dateCreated: '1772359200000' };
      await writeFile(join(home, 'sessions.json'), JSON.stringify([{ sessionId: 's0' }, listed]));
      const { sessions } = await importText(join(home, 's1.json'), sessionOf(history));
      expect(sessions[0]!.session.createdAt).toEqual(new Date(1_772_359_200_000));
      expect(sessions[0]!.messages[0]!.createdAt).toEqual(new Date(1_772_359_200_000));
    } finally {
      await rm(home, { recursive: true });
    }
  });

  it('takes results from messages of their own, once', async () => {
    const result = {
      message: { role: 'tool', content: '', toolCallId: 'c1' },
      contextItems: [file, { content: 'more' }],
    };
    const items = [...history.slice(0, 4), result, history[4]!];
    const { sessions } = await importText('s1.json', sessionOf(items));
    const results = sessions[0]!.messages.flatMap(({ parts }) =>
      parts.flatMap((part) => (part.type === 'tool-result' ? [[part.id, part.output]] : [])),
    );
    expect(results).toEqual([
      ['c2', 'Bad arguments'],
      ['c1', 'export {}\n\nmore'],
    ]);
  });

  it('keeps more blocks than a function takes arguments', async () => {
    const content = Array.from({ length: 200_000 }, () => ({ type: 'odd' }));
    const items = [history[1]!, { message: { role: 'assistant', content } }];
    const { sessions } = await importText('s1.json', sessionOf(items));
    expect(sessions[0]!.messages[1]!.parts).toHaveLength(200_000);
  });

  it('keeps an answer that was edited away as it is, and the new one in a fork', async () => {
    const idOf = (item: JsonObject, id: string) => ({
      ...{ ...item, message: { ...(item.message as JsonObject), id } },
    });
    const first = [idOf(history[1]!, 'm1'), idOf(history[4]!, 'm2')];
    const { store } = await importText('s1.json', sessionOf(first));
    const edited = [first[0]!, idOf(history[4]!, 'm3')];
    const { receipt } = await importText('s1.json', sessionOf(edited), store);
    expect(counts(receipt)).toBe('+0 x0 f1 =0 m2');
  });

  it('reports messages without a known role, summaries, and a file that is cut off', async () => {
    const items = [history[1]!, null, { ...history[4]!, conversationSummary: 'It explained.' }];
    const { receipt } = await importText('s1.json', sessionOf(items));
    expect(counts(receipt)).toBe('+1 x0 f0 =0 m2');
    expect(receipt.skipped).toEqual([
      { place: 'message 2', reason: 'has no known role', isDamage: true },
      {
        place: 'message 3',
        reason: 'has a summary of the messages before, which are all imported',
        isDamage: false,
      },
    ]);
    const cut = await importText('s1.json', sessionOf(history).slice(0, -5));
    expect(cut.receipt.skipped).toMatchObject([{ place: 'file', isDamage: true }]);
    const empty = await importText('s1.json', sessionOf([]));
    expect(empty.receipt.skipped).toMatchObject([{ reason: 'has no messages', isDamage: false }]);
  });

  it('adds the new messages of a session that has grown, and nothing twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: history.length }), async (count) => {
        const { store } = await importText('s1.json', sessionOf(history.slice(0, count)));
        const { receipt, sessions } = await importText('s1.json', sessionOf(history), store);
        expect(receipt).toMatchObject({ added: 0, forked: 0 });
        expect(sessions.map(({ messages }) => outlineOf(messages))).toEqual([outline]);
      }),
    );
  });

  it('reads any items without an error, and the same again', async () => {
    const anyText = fc.constantFrom('user', 'assistant', 'thinking', 'tool', 'c1', '\0', '\ud83d');
    const anyValue = fc.oneof(
      anyText,
      fc.constantFrom([call('c1')], [file], usage),
      fc.jsonValue(),
    );
    const names = ['role', 'content', 'toolCalls', 'toolCallId', 'usage', 'id', '__proto__'];
    const anyMessage = fc.dictionary(fc.constantFrom(...names), anyValue);
    const others = ['contextItems', 'toolCallStates', 'reasoning', 'promptLogs', '__proto__'];
    const anyItem = fc
      .tuple(anyMessage, fc.dictionary(fc.constantFrom(...others), anyValue))
      .map(([message, item]) => ({ ...item, message }));
    const anyList = fc.array(fc.oneof(fc.constantFrom(...history), anyItem, fc.jsonValue()));
    await fc.assert(
      fc.asyncProperty(anyList, async (items) => {
        const text = sessionOf([history[0]!, ...(items as JsonValue[])]);
        const { store } = await importText('s1.json', text);
        const { receipt } = await importText('s1.json', text, store);
        expect(receipt).toMatchObject({ added: 0, extended: 0, forked: 0 });
      }),
    );
  });
});
