import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@synapse/core';
import { counts, importText, outlineOf } from '@synapse/test/support/imported-histories';
import fc from 'fast-check';

const START = Date.parse('2026-03-01T10:00:00Z');
const head = {
  type: 'session',
  version: 3,
  id: 's1',
  timestamp: '2026-03-01T10:00:00Z',
  cwd: '/work',
};
const text = (value: string) => ({ type: 'text', text: value });

function entry(id: string, parentId: string | null, message: JsonObject): JsonObject {
  const timestamp = START + Number(id.slice(1)) * 1000;
  return {
    type: 'message',
    id,
    parentId,
    timestamp: new Date(timestamp).toISOString(),
    message: { ...message, timestamp },
  };
}

const usage = { input: 100, output: 20, cacheRead: 30, cacheWrite: 10, totalTokens: 160 };
const answer = { role: 'assistant', provider: 'anthropic', model: 'claude-opus-4-5', usage };
const call = (id: string) => ({ type: 'toolCall', id, name: 'read', arguments: { path: 'a' } });
const result = (toolCallId: string, isError: boolean) => ({
  ...{
    role: 'toolResult',
    toolCallId,
    toolName: 'read',
    content: [text(`file ${toolCallId}`)],
    isError,
  },
});

const entries: JsonObject[] = [
  entry('e1', null, {
    role: 'user',
    content: [text('Fix it'), { type: 'image', data: 'iVBORw0KGgo=', mimeType: 'image/png' }],
  }),
  entry('e2', 'e1', {
    ...answer,
    content: [{ type: 'thinking', thinking: 'I read.' }, text('Reading.'), call('c1'), call('c2')],
  }),
  entry('e3', 'e2', result('c1', false)),
  entry('e4', 'e3', result('c2', true)),
  { type: 'model_change', id: 'e5', parentId: 'e4', provider: 'openai', modelId: 'gpt-5' },
  {
    type: 'compaction',
    id: 'e6',
    parentId: 'e5',
    timestamp: '2026-03-01T10:00:06Z',
    summary: 'So far.',
  },
  { type: 'session_info', id: 'e7', parentId: 'e6', name: 'Fixing' },
  entry('e8', 'e7', {
    ...{ ...answer, model: 'gpt-5', provider: 'openai', stopReason: 'aborted' },
    content: [{ type: 'thinking', thinking: '', redacted: true }, text('Fixed.')],
  }),
];

const outline = [
  'user: text image Fix it',
  'assistant: reasoning text tool-call tool-call Reading.',
  'tool: tool-result tool-result',
  'user: text So far.',
  'assistant: raw text Fixed.',
];

const lines = (...records: readonly JsonObject[]) =>
  records.map((record) => JSON.stringify(record)).join('\n');

describe('histories of pi', () => {
  it('is recognised by its first line, whatever a call holds', async () => {
    const input = { type: 'user', sessionId: 'x', message: {} };
    const asked = { ...answer, content: [{ ...call('c1'), arguments: input }] };
    const { receipt } = await importText('a.jsonl', lines(head, entry('e1', null, asked)));
    expect(receipt.tool).toBe('pi');
  });

  it('reads messages, calls, results, summaries and figures', async () => {
    const { receipt, sessions, store } = await importText('a.jsonl', lines(head, ...entries));
    expect(receipt).toMatchObject({ tool: 'pi', skipped: [] });
    expect(counts(receipt)).toBe('+1 x0 f0 =0 m5');
    const { session, messages } = sessions[0]!;
    expect(outlineOf(messages)).toEqual(outline);
    expect(session).toMatchObject({
      ...{ title: 'Fixing', origin: 'pi', workingDirectory: '/work', createdAt: new Date(START) },
      ...{ model: 'gpt-5', provider: 'openai', inputTokens: 280, outputTokens: 40 },
    });
    expect(messages[1]).toMatchObject({
      ...{ model: 'claude-opus-4-5', provider: 'anthropic', createdAt: new Date(START + 2000) },
      usage: { inputTokens: 140, outputTokens: 20, cacheReadTokens: 30, cacheWriteTokens: 10 },
    });
    expect(messages[1]!.parts[2]).toEqual({
      ...{ type: 'tool-call', id: 'c1', name: 'read', input: { path: 'a' } },
    });
    expect(messages[2]!.parts).toEqual([
      { type: 'tool-result', id: 'c1', name: 'read', output: 'file c1', isError: false },
      { type: 'tool-result', id: 'c2', name: 'read', output: 'file c2', isError: true },
    ]);
    expect(messages[3]!.parts).toMatchObject([{ isInjected: true }]);
    expect(messages[4]!.status).toBe('interrupted');
    const again = await importText('a.jsonl', lines(head, ...entries), store);
    expect(counts(again.receipt)).toBe('+0 x0 f0 =1 m0');
  });

  it('makes a fork of each branch; the end of the file is the session', async () => {
    const records = [
      ...[...entries, entry('e9', 'e7', { ...answer, content: 'Otherwise.' })],
      { type: 'label', id: 'e10', parentId: 'e8', targetId: 'e8', label: 'good' },
    ];
    const { receipt, sessions } = await importText('a.jsonl', lines(head, ...records));
    expect(sessions.map(({ messages }) => outlineOf(messages).at(-1))).toEqual([
      'assistant: raw text Fixed.',
      'assistant: text Otherwise.',
    ]);
    expect(receipt.skipped).toEqual([
      {
        ...{ place: 'file', isDamage: false },
        reason: 'left out 1 record of type "label": not part of the conversation',
      },
    ]);
  });

  it('reads the first version without ids into the session that pi makes of it', async () => {
    const hasNoId = ([name]: [string, unknown]) => name !== 'id' && name !== 'parentId';
    const old = entries.map((record) =>
      Object.fromEntries<unknown>(Object.entries(record).filter(hasNoId)),
    ) as JsonObject[];
    const { sessions, store } = await importText('a.jsonl', lines({ ...head, version: 1 }, ...old));
    expect(outlineOf(sessions[0]!.messages)).toEqual(outline);
    const { receipt } = await importText('a.jsonl', lines(head, ...entries), store);
    expect(counts(receipt)).toBe('+0 x0 f0 =1 m0');
  });

  it('keeps messages of the same time apart', async () => {
    const records = ['One', 'Two', 'Three'].map((content, index) => ({
      ...entry('e1', index === 0 ? null : `e${index}`, { role: 'user', content }),
      id: `e${index + 1}`,
    }));
    const { sessions } = await importText('a.jsonl', lines(head, ...records));
    expect(sessions.map(({ messages }) => outlineOf(messages))).toEqual([
      ['user: text One', 'user: text Two', 'user: text Three'],
    ]);
  });

  it('keeps more blocks than a function takes arguments', async () => {
    const blocks = Array.from({ length: 200_000 }, () => ({ type: 'odd' }));
    const many = { ...result('c2', false), content: blocks };
    const records = [...entries.slice(0, 3), entry('e4', 'e3', many)];
    const { sessions } = await importText('a.jsonl', lines(head, ...records));
    expect(sessions[0]!.messages[2]!.parts).toHaveLength(200_002);
  });

  it('recognises the messages that a new session took from its parent', async () => {
    const { store, sessions } = await importText('a.jsonl', lines(head, ...entries));
    const copy = {
      ...head,
      id: 's2',
      timestamp: '2026-03-01T12:00:00Z',
      parentSession: '/a.jsonl',
    };
    const more = entry('e9', 'e8', { role: 'user', content: 'More' });
    const fork = await importText('b.jsonl', lines(copy, ...entries, more), store);
    const { session } = fork.sessions[0]!;
    expect(session.forkedFrom?.sessionId).toBe(sessions[0]!.session.id);
    expect(session).toMatchObject({
      ...{ inputTokens: 0, metadata: { history: { forkedFrom: '/a.jsonl' } } },
    });
  });

  it('marks what pi and its extensions add, and keeps what has no part', async () => {
    const run = { role: 'bashExecution', command: 'make', output: 'no rule', exitCode: 2 };
    const { sessions } = await importText(
      'a.jsonl',
      lines(
        ...[
          head,
          entry('e1', null, run),
          entry('e2', 'e1', { role: 'hookMessage', content: 'Hook' }),
        ],
        { type: 'custom_message', id: 'e3', parentId: 'e2', content: [text('Extension')] },
        entry('e4', 'e3', { role: 'branchSummary', summary: 'A branch' }),
        entry('e5', 'e4', { role: 'robot', content: 'x' }),
        entry('e6', 'e5', { ...answer, content: [], errorMessage: 'overloaded' }),
        entry('e7', 'e6', { ...result('c1', false), content: [{ type: 'image', data: 'AA==' }] }),
      ),
    );
    const { messages } = sessions[0]!;
    expect(outlineOf(messages)).toEqual([
      'user: text $ make\nno rule\n[exit code 2]',
      'user: text Hook',
      'user: text Extension',
      'user: text A branch',
      'assistant: raw',
      'assistant: raw',
      'tool: tool-result+1',
    ]);
    const marks = messages.slice(0, 4).flatMap(({ parts }) => parts);
    expect(marks.every((part) => part.type === 'text' && part.isInjected)).toBe(true);
  });

  it('reports damage in the middle with its line, and imports the rest after it', async () => {
    const cut = `${lines(head, ...entries.slice(0, 1))}\n{"type\n{"odd":1}\n${lines(...entries.slice(2))}\n{"ty`;
    const { receipt, sessions } = await importText('a.jsonl', cut);
    expect(receipt.skipped).toEqual([
      { place: 'line 3', reason: 'is not valid JSON', isDamage: true },
      { place: 'line 4', reason: 'has no known type', isDamage: true },
      { place: 'line 11', reason: 'is cut off: the file may still be written', isDamage: false },
    ]);
    expect(sessions.map(({ messages }) => outlineOf(messages))).toEqual([
      [outline[0], ...outline.slice(2)],
    ]);
  });

  it('adds the new messages of a session that has grown, and nothing twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: entries.length }), async (count) => {
        const { store } = await importText('a.jsonl', lines(head, ...entries.slice(0, count)));
        const { receipt, sessions } = await importText('a.jsonl', lines(head, ...entries), store);
        expect(receipt).toMatchObject({ added: 0, forked: 0 });
        expect(sessions.map(({ messages }) => outlineOf(messages))).toEqual([outline]);
      }),
    );
  });

  it('keeps the text of any entries, and reads them the same again', async () => {
    const ids = fc.constantFrom('e1', 'e2', 'e8', 'x', '__proto__', '\ud83d');
    const anyMessage = fc.record({
      role: fc.constantFrom('user', 'assistant', 'toolResult', 'bashExecution', '__proto__'),
      content: fc.oneof(fc.jsonValue(), fc.constantFrom([call('c1')], [text('\0')])),
      timestamp: fc.oneof(fc.constantFrom(START, -1, 'soon'), fc.jsonValue()),
    });
    const anyEntry = fc.record(
      {
        type: fc.constantFrom('message', 'message', 'compaction', 'model_change', 'session', 'odd'),
        ...{ id: ids, parentId: fc.oneof(ids, fc.jsonValue()), message: anyMessage },
        ...{ timestamp: fc.jsonValue(), summary: fc.jsonValue() },
      },
      { requiredKeys: ['type'] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(anyEntry), async (records) => {
        const all = lines(head, ...entries, ...(records as JsonObject[]));
        const { store, sessions } = await importText('a.jsonl', all);
        const kept = new Set(sessions.flatMap(({ messages }) => outlineOf(messages)));
        expect([...kept]).toEqual(expect.arrayContaining(outline.slice(0, 2)));
        const { receipt } = await importText('a.jsonl', all, store);
        expect(receipt).toMatchObject({ added: 0, extended: 0, forked: 0 });
      }),
    );
  });
});
