import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@synapse/core';
import { counts, importText, outlineOf } from '@synapse/test/support/imported-histories';
import fc from 'fast-check';

const at = (second: number) =>
  new Date(Date.parse('2026-03-01T10:00:00Z') + second * 1000).toISOString();
const header = { sessionId: 's1', projectHash: 'h1', startTime: at(0), kind: 'main' };

function user(id: string, text: string, second: number): JsonObject {
  return { id, timestamp: at(second), type: 'user', content: [{ text }] };
}

const response = { functionResponse: { id: 'c1', name: 'list', response: { output: 'a.txt' } } };
const tokens = { input: 100, output: 20, cached: 10, thoughts: 5, tool: 3, total: 128 };
const thoughts = [{ subject: 'Plan', description: 'List first.', timestamp: at(3) }];
const answer = { id: 'g1', timestamp: at(3), type: 'gemini', content: 'I list.', thoughts, tokens };
const early: JsonObject = { ...answer, model: 'gemini-2.5-pro' };
const call = { id: 'c1', name: 'list', args: { dir: '.' }, status: 'success', result: [response] };
const context = user('x1', '<session_context>\nToday is Sunday.\n</session_context>', 1);

const lines = (...records: readonly JsonObject[]) =>
  records.map((record) => JSON.stringify(record)).join('\n');

/** A session with a tool call, as Gemini CLI 0.61 writes it. */
const log: JsonObject[] = [
  header,
  { $set: { messages: [context], lastUpdated: at(1) } },
  user('u1', 'List the files', 2),
  early,
  { ...early, toolCalls: [call] },
  { id: 'r1', timestamp: at(4), type: 'user', content: [response] },
  {
    id: 'g2',
    timestamp: at(5),
    type: 'gemini',
    content: 'One file.',
    tokens,
    model: 'gemini-2.5-pro',
  },
];

/** A resumed session is written again: without tokens, with new times, and with other messages of the tool. */
const resumed: JsonObject[] = [
  ...log,
  { ...header, startTime: at(100) },
  { $set: { messages: [context] } },
  {
    $set: {
      messages: [
        { ...context, timestamp: at(101) },
        user('u1', 'List the files', 102),
        {
          ...{ id: 'g1', timestamp: at(103), type: 'gemini' },
          content: [{ text: 'Plan', thought: true }, { text: 'I list.' }, { functionCall: call }],
        },
        { id: 'g1_response', timestamp: at(104), type: 'user', content: [response] },
        { id: 'g2', timestamp: at(105), type: 'gemini', content: [{ text: 'One file.' }] },
      ],
    },
  },
  user('u2', 'And now?', 110),
  { id: 'i1', timestamp: at(111), type: 'info', content: 'Request cancelled.' },
];

const outlineOfLog = [
  'user: text <session_context>\nToday is Sunday.\n</session_context>',
  'user: text List the files',
  'assistant: reasoning text tool-call I list.',
  'tool: tool-result',
  'assistant: text One file.',
];

const outlineOfResumed = [...outlineOfLog, 'user: text And now?', 'assistant: raw'];

describe('histories of Gemini CLI', () => {
  it('reads a log with its updates, and counts tokens once', async () => {
    const { receipt, sessions } = await importText('s.jsonl', lines(...log));
    expect(counts(receipt)).toBe('+1 x0 f0 =0 m5');
    expect(receipt).toMatchObject({ tool: 'gemini-cli', skipped: [] });
    const { session, messages } = sessions[0]!;
    expect(outlineOf(messages)).toEqual(outlineOfLog);
    expect(session).toMatchObject({
      ...{ title: 'List the files', origin: 'gemini-cli', model: 'gemini-2.5-pro' },
      ...{ provider: 'gemini', createdAt: new Date(at(0)), inputTokens: 206, outputTokens: 50 },
    });
    expect(messages[2]).toMatchObject({
      usage: { inputTokens: 103, outputTokens: 25, cacheReadTokens: 10, reasoningTokens: 5 },
      parts: [
        { type: 'reasoning', text: 'Plan\nList first.' },
        { type: 'text' },
        { type: 'tool-call', id: 'c1', name: 'list', input: { dir: '.' } },
      ],
    });
    expect(messages[3]!.parts).toEqual([
      { type: 'tool-result', id: 'c1', name: 'list', output: 'a.txt', isError: false },
    ]);
  });

  it('keeps the full messages of a session that was written again when it was resumed', async () => {
    const { store } = await importText('s.jsonl', lines(...log));
    const { receipt, sessions } = await importText('s.jsonl', lines(...resumed), store);
    // The last answer could have had more to come, and is stored again.
    expect(counts(receipt)).toBe('+0 x1 f0 =0 m3');
    const { messages } = sessions[0]!;
    expect(outlineOf(messages)).toEqual(outlineOfResumed);
    expect(messages[2]).toMatchObject({
      ...{ createdAt: new Date(at(3)), usage: { inputTokens: 103 } },
    });
    const again = await importText('s.jsonl', lines(...resumed), store);
    expect(counts(again.receipt)).toBe('+0 x0 f0 =1 m0');
  });

  it.each([
    ['rewound', { $rewindTo: 'u2' }],
    ['replaced', { $set: { messages: log.filter(({ id }) => id !== undefined) } }],
  ])('keeps messages that were %s as a branch, and the rest as the session', async (_, drop) => {
    const records = [...log, user('u2', 'Delete it', 10), drop, user('u3', 'Keep it', 20)];
    const { sessions } = await importText('s.jsonl', lines(...records));
    expect(sessions.map(({ messages }) => outlineOf(messages))).toEqual([
      [...outlineOfLog, 'user: text Keep it'],
      [...outlineOfLog, 'user: text Delete it'],
    ]);
    expect(sessions[1]!.session.forkedFrom?.sessionId).toBe(sessions[0]!.session.id);
  });

  it('begins anew when the message to go back to is unknown', async () => {
    const records = [...log, { $rewindTo: 'other' }, user('u3', 'Again', 20)];
    const { sessions } = await importText('s.jsonl', lines(...records));
    expect(sessions.map(({ messages }) => outlineOf(messages))).toEqual([
      ['user: text Again'],
      outlineOfLog,
    ]);
  });

  it('adds a summary of earlier messages after the messages that it replaces', async () => {
    const kept = { $set: { messages: [user('z1', 'A summary', 30), log.at(-1)!] } };
    const text = lines(...log, kept, user('u2', 'Go on', 31));
    const { sessions } = await importText('s.jsonl', text);
    expect(sessions.map(({ messages }) => outlineOf(messages))).toEqual([
      [...outlineOfLog, 'user: text A summary', 'user: text Go on'],
    ]);
  });

  it('reads the document of older versions into the same session as the log it becomes', async () => {
    const messages = [context, log[2]!, log[4]!, log[5]!, log[6]!];
    const old = { ...header, lastUpdated: at(5), messages, summary: 'Listing' };
    const { store, receipt, sessions } = await importText('s.json', JSON.stringify(old, null, 2));
    expect(counts(receipt)).toBe('+1 x0 f0 =0 m5');
    expect(outlineOf(sessions[0]!.messages)).toEqual(outlineOfLog);
    expect(sessions[0]!.session.title).toBe('Listing');
    const migrated = lines(header, ...messages, { $set: { sessionId: 's1' } });
    const again = await importText('s.jsonl', migrated, store);
    expect(counts(again.receipt)).toBe('+0 x0 f0 =1 m0');
  });

  it('marks the content of files that a prompt names, and reads results without a tool record', async () => {
    const image = { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } };
    const named = {
      ...user('u1', 'Explain @a.txt', 2),
      content: [{ text: 'Explain @a.txt' }, { text: 'content of a.txt' }, image],
      displayContent: 'Explain @a.txt',
    };
    const asked = { functionCall: { id: 'c2', name: 'run', args: {} } };
    const content = [{ text: 'Hm', thought: true }, asked];
    const failure = { functionResponse: { id: 'c2', name: 'run', response: { error: 'refused' } } };
    const { sessions } = await importText(
      's.jsonl',
      lines(
        header,
        named,
        { id: 'g1', timestamp: at(3), type: 'gemini', content },
        { id: 'r1', timestamp: at(4), type: 'user', content: [failure] },
      ),
    );
    const { messages } = sessions[0]!;
    expect(messages.map(({ parts }) => parts)).toMatchObject([
      [{ text: 'Explain @a.txt' }, { isInjected: true }, { type: 'image' }],
      [
        { type: 'reasoning', text: 'Hm' },
        { type: 'tool-call', id: 'c2' },
      ],
      [{ type: 'tool-result', id: 'c2', output: 'refused', isError: true }],
    ]);
    expect(messages[0]!.parts[0]).not.toHaveProperty('isInjected');
  });

  it('finds the folder of the project, and the session that started a subagent', async () => {
    const home = await mkdtemp(join(tmpdir(), 'gemini-'));
    try {
      const hash = createHash('sha256').update('/work/old').digest('hex');
      const chats = join(home, 'tmp', 'slug', 'chats');
      const old = join(home, 'tmp', hash, 'chats');
      for (const folder of [join(chats, 's1'), old]) await mkdir(folder, { recursive: true });
      await writeFile(join(home, 'tmp', 'slug', '.project_root'), '/work/new\n');
      const projects = JSON.stringify({ projects: { '/work/old': 'o' } });
      await writeFile(join(home, 'projects.json'), projects);
      const factsOf = async (path: string, head: JsonObject) => {
        const text = lines({ ...head, projectHash: hash }, user('u1', path, 1));
        const { session } = (await importText(path, text)).sessions[0]!;
        const { parentId } = session.metadata.history as JsonObject;
        return { parentId, folder: session.workingDirectory };
      };
      const main = { sessionId: 's1', kind: 'main' };
      expect(await factsOf(join(chats, 'a.jsonl'), main)).toEqual({ folder: '/work/new' });
      const subagent = { sessionId: 's2', kind: 'subagent' };
      expect(await factsOf(join(chats, 's1', 'b.jsonl'), subagent)).toEqual({
        ...{ parentId: 's1', folder: '/work/new' },
      });
      expect(await factsOf(join(old, 'c.jsonl'), main)).toEqual({ folder: '/work/old' });
    } finally {
      await rm(home, { recursive: true });
    }
  });

  it('reports damage in the middle with its line, and imports the rest', async () => {
    const text = `${lines(...log.slice(0, 3))}\n{"id":\n{"odd":1}\n${lines(...log.slice(3))}\n{"id":"u`;
    const { receipt } = await importText('s.jsonl', text);
    expect(counts(receipt)).toBe('+1 x0 f0 =0 m5');
    expect(receipt.skipped).toEqual([
      { place: 'line 4', reason: 'is not valid JSON', isDamage: true },
      { place: 'line 5', reason: 'has no known type', isDamage: true },
      { place: 'line 10', reason: 'is cut off: the file may still be written', isDamage: false },
    ]);
  });

  it('adds the new messages of a log that has grown, and nothing twice', async () => {
    const count = fc.integer({ min: 3, max: resumed.length });
    await fc.assert(
      fc.asyncProperty(count, async (end) => {
        const { store } = await importText('s.jsonl', lines(...resumed.slice(0, end)));
        const { receipt, sessions } = await importText('s.jsonl', lines(...resumed), store);
        expect(receipt).toMatchObject({ added: 0, forked: 0 });
        expect(sessions.map(({ messages }) => outlineOf(messages))).toEqual([outlineOfResumed]);
      }),
    );
  });

  it('reads any records without an error, and the same again', async () => {
    const names = ['id', 'type', 'content', '$set', '$rewindTo', 'messages', 'toolCalls', 'tokens'];
    const anyValue = fc.oneof(
      fc.constantFrom('u1', 'g1', 's1', 'gemini', 'user', '__proto__', 'toString', '\0', '\ud83d'),
      fc.constantFrom(early, call, response, [response], [call]),
      fc.jsonValue(),
    );
    const anyRecord = fc.oneof(
      fc.constantFrom(...resumed),
      fc.dictionary(fc.constantFrom(...names, 'thoughts', 'timestamp', '__proto__'), anyValue),
      fc.record({ $set: fc.record({ messages: fc.array(fc.constantFrom(...log)) }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(anyRecord), async (records) => {
        const text = lines(...log, ...(records as JsonObject[]));
        const { store } = await importText('s.jsonl', text);
        const { receipt } = await importText('s.jsonl', text, store);
        expect(receipt).toMatchObject({ added: 0, extended: 0, forked: 0 });
      }),
    );
  });
});
