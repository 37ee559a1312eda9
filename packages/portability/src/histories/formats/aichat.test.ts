import { describe, expect, it } from '@jest/globals';
import type { JsonValue } from '@synapse/core';
import { counts, importText, outlineOf } from '@synapse/test/support/imported-histories';
import fc from 'fast-check';
import { stringify } from 'yaml';

/** As aichat writes it: block texts, flow texts, and calls with their results. */
const session = `model: openai:gpt-4o
temperature: 0.7
role_name: coder
data_urls:
  abc: /home/pictures/a.png
messages:
- role: system
  content: You write code.
- role: user
  content: |-
    List: the files

      # and "count" them
- role: tool
  content:
    tool_results:
    - call:
        name: list
        arguments:
          dir: .
        id: c1
      output:
        count: 1
    - call:
        name: count
        arguments: '{"of": "a"}'
        id: null
      output: "1"
    text: I list them.
    sequence: false
- role: assistant
  content: "One: a.txt\\n\\u0000\\uD83D\\uDC4B"
- role: user
  content:
  - type: text
    text: And these?
  - type: image_url
    image_url:
      url: data:image/png;base64,iVBORw0KGgo=
  - type: image_url
    image_url:
      url: abc
`;

const outline = [
  'user: text List: the files\n\n  # and "count" them',
  'assistant: text tool-call tool-call I list them.',
  'tool: tool-result tool-result',
  'assistant: text One: a.txt\n\0👋',
  'user: text image raw And these?',
];

describe('histories of aichat', () => {
  it('reads a session with calls, results, images and its system prompt', async () => {
    const { receipt, sessions, store } = await importText('/s/work.yaml', session);
    expect(receipt).toMatchObject({ tool: 'aichat', skipped: [] });
    expect(counts(receipt)).toBe('+1 x0 f0 =0 m5');
    const { session: made, messages } = sessions[0]!;
    expect(outlineOf(messages)).toEqual(outline);
    expect(made).toMatchObject({
      ...{ title: 'work', systemPrompt: 'You write code.', model: 'gpt-4o', provider: 'openai' },
      metadata: { history: { id: 'work', role: 'coder' } },
    });
    expect(messages[1]).toMatchObject({
      ...{ model: 'gpt-4o', provider: 'openai' },
      parts: [
        { type: 'text' },
        { type: 'tool-call', id: 'c1', name: 'list', input: { dir: '.' } },
        { type: 'tool-call', id: 'call_2_1', name: 'count', input: { of: 'a' } },
      ],
    });
    expect(messages[2]!.parts).toMatchObject([
      { id: 'c1', name: 'list', output: '{"count":1}' },
      { id: 'call_2_1', name: 'count', output: '1' },
    ]);
    expect(messages[4]!.parts[2]).toMatchObject({ data: { source: '/home/pictures/a.png' } });
    const again = await importText('/s/work.yaml', session, store);
    expect(counts(again.receipt)).toBe('+0 x0 f0 =1 m0');
  });

  it('takes the time from the name of a session that was saved by itself', async () => {
    const { sessions } = await importText('/sessions/_/20260301T100000-list-files.yaml', session);
    expect(sessions[0]!.session).toMatchObject({
      ...{ title: 'list-files', createdAt: new Date('2026-03-01T10:00:00Z') },
    });
  });

  it('keeps the sessions of agents apart by their names', async () => {
    const { store } = await importText('/sessions/temp.yaml', session);
    const { receipt, sessions } = await importText(
      '/agents/todo/sessions/temp.yaml',
      session,
      store,
    );
    expect(counts(receipt)).toBe('+1 x0 f0 =0 m5');
    expect(sessions[0]!.session.metadata).toMatchObject({ history: { id: 'todo/temp' } });
  });

  it('reads a session on, after aichat has replaced its beginning by a summary', async () => {
    const { store } = await importText('/s/work.yaml', session);
    const compressed = session.replace('\nmessages:', '\ncompressed_messages:');
    const rest = 'messages:\n- role: system\n  content: So far.\n- role: user\n  content: More\n';
    const { receipt, sessions } = await importText('/s/work.yaml', compressed + rest, store);
    expect(counts(receipt)).toBe('+0 x1 f0 =0 m2');
    expect(outlineOf(sessions[0]!.messages)).toEqual([
      ...[...outline, 'user: text So far.', 'user: text More'],
    ]);
    expect(sessions[0]!.messages[5]!.parts).toMatchObject([{ isInjected: true }]);
  });

  it('reports messages without a known role, and a file that is no YAML', async () => {
    const odd = `${session}- role: robot\n  content: x\n- 5\n`;
    const { receipt } = await importText('/s/work.yaml', odd);
    expect(counts(receipt)).toBe('+1 x0 f0 =0 m5');
    expect(receipt.skipped).toEqual([
      { place: 'message 6', reason: 'has no known role', isDamage: true },
      { place: 'message 7', reason: 'has no known role', isDamage: true },
    ]);
    const broken = await importText('/s/work.yaml', `${session}- role: "user\n`);
    expect(broken.receipt.skipped).toEqual([
      { place: 'file', reason: '/s/work.yaml is not valid YAML.', isDamage: true },
    ]);
    const empty = await importText('/s/work.yaml', 'model: a:b\nmessages: []\n');
    expect(empty.receipt.skipped).toMatchObject([{ reason: 'has no messages', isDamage: false }]);
  });

  it('refuses brackets, anchors and tags that would take for ever to parse', async () => {
    for (const piece of ['[', '{', '&a ', '!!str ']) {
      const { receipt } = await importText('/s/work.yaml', `${session}- ${piece.repeat(1000)}x\n`);
      expect(receipt.skipped).toEqual([
        { place: 'file', reason: '/s/work.yaml is nested too deeply.', isDamage: true },
      ]);
    }
  });

  it('refuses aliases that unfold into a huge value', async () => {
    const level = (index: number) => `l${index}: &l${index} [${`*l${index - 1},`.repeat(9)}]\n`;
    const levels = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(level).join('');
    const bomb = `model: a:b\nl0: &l0 [x]\n${levels}messages:\n- role: user\n  content: *l9\n`;
    const { receipt } = await importText('/s/bomb.yaml', bomb);
    expect(receipt.skipped).toMatchObject([{ place: 'file', isDamage: true }]);
  });

  it('does not take other YAML files', async () => {
    const other = 'model: gpt-4o\nclients:\n- type: openai\n';
    await expect(importText('/aichat/config.yaml', other)).rejects.toThrow('No format fits');
  });

  it('adds the new messages of a session that has grown, and nothing twice', async () => {
    const parts = session.split(/^(?=- role)/m);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: parts.length }), async (count) => {
        const { store } = await importText('/s/work.yaml', parts.slice(0, count).join(''));
        const { receipt, sessions } = await importText('/s/work.yaml', session, store);
        expect(receipt.forked).toBe(0);
        expect(sessions.map(({ messages }) => outlineOf(messages))).toEqual([outline]);
      }),
    );
  });

  it('reads any messages without an error, and the same again', async () => {
    const anyText = fc.constantFrom('user', 'tool', 'system', 'assistant', '__proto__', '\0');
    const anyMessage = fc.dictionary(
      fc.constantFrom('role', 'content', '__proto__'),
      fc.oneof(anyText, fc.jsonValue(), fc.constant({ tool_results: [{ call: { name: 'a' } }] })),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(anyMessage, fc.jsonValue())), async (messages) => {
        const all = [{ role: 'user', content: 'Hi' }, ...(messages as JsonValue[])];
        const text = `model: a:b\n${stringify({ messages: JSON.parse(JSON.stringify(all)) as JsonValue })}`;
        const { store } = await importText('/s/a.yaml', text);
        const { receipt } = await importText('/s/a.yaml', text, store);
        expect(receipt).toMatchObject({ added: 0, extended: 0, forked: 0 });
      }),
    );
  });
});
