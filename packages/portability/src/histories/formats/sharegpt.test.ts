import { describe, expect, it } from '@jest/globals';
import type { JsonObject, Store } from '@synapse/core';
import { createMemoryStore } from '@synapse/storage-memory';
import { anyStoredSession, storeSample } from '@synapse/test/support/arbitraries/stored-sessions';
import { counts, importText, outlineOf } from '@synapse/test/support/imported-histories';
import fc from 'fast-check';
import { exportSessions } from '../../export-sessions.ts';
import { createSharegptFormat } from '../../sharegpt-format.ts';

const turn = (from: string, value: string): JsonObject => ({ from, value });
const simple = { id: 'chat_0', conversations: [turn('human', 'Hi'), turn('gpt', 'Hello')] };
const bring = (records: unknown, store?: Store) =>
  importText('/data/sharegpt.json', JSON.stringify(records, null, 2), store);

async function exported(store: Store, id: string): Promise<string> {
  let text = '';
  const sessions = [(await store.sessions.get(id))!];
  for await (const piece of exportSessions(store, sessions, { format: createSharegptFormat() })) {
    text += piece;
  }
  return text.replace(id, 'the id');
}

async function messagesOf(...turns: JsonObject[]) {
  const { sessions } = await bring([{ conversations: turns }]);
  return sessions[0]!.messages;
}

describe('an import of ShareGPT', () => {
  it('brings what Synapse exports back whole', async () => {
    await fc.assert(
      fc.asyncProperty(anyStoredSession, async (sample) => {
        const store = createMemoryStore();
        const before = await exported(store, await storeSample(store, sample));
        if (before === '[\n]\n') return;
        const { sessions, receipt, store: imported } = await importText('a.json', before);
        expect(receipt.skipped).toEqual([]);
        expect(await exported(imported, sessions[0]!.session.id)).toBe(before);
      }),
    );
  });

  it('makes a session of each conversation, with its system prompt', async () => {
    const system = { ...simple, id: 'chat_1', system: 'Be short.', tools: '[]' };
    const inTurn = { conversations: [turn('system', 'Be long.'), ...simple.conversations] };
    const { sessions, receipt } = await bring([simple, system, inTurn]);
    expect(counts(receipt)).toBe('+3 x0 f0 =0 m6');
    for (const { messages } of sessions) {
      expect(outlineOf(messages)).toEqual(['user: text Hi', 'assistant: text Hello']);
    }
    const prompts = sessions.map(({ session }) => session.systemPrompt);
    expect(prompts).toEqual([null, 'Be short.', 'Be long.']);
    expect(sessions[1]!.session).toMatchObject({
      ...{ origin: 'sharegpt', title: 'Hi', metadata: { history: { tools: '[]' } } },
    });
  });

  it('reads thoughts, calls and results, also where results of several calls are one turn', async () => {
    const two = '[{"name":"a","arguments":{"x":1}},{"name":"b","arguments":{}}]';
    const messages = await messagesOf(
      turn('human', 'Go'),
      turn('function_call', `<think>\nHm.\n</think>\n\n${two}`),
      turn('observation', 'of a\n\nof b\n\nmore'),
      turn('function_call', two),
      turn('observation', 'of a\n\nmore'),
      turn('observation', 'of b'),
      turn('gpt', '<think>\nSo.\n</think>\n\nDone'),
      turn('system', 'Stop.'),
    );
    const result = { type: 'tool-result', isError: false };
    expect(messages.map(({ parts }) => parts)).toEqual([
      [{ type: 'text', text: 'Go' }],
      [
        { type: 'reasoning', text: 'Hm.' },
        { type: 'tool-call', id: 'call_1', name: 'a', input: { x: 1 } },
        { type: 'tool-call', id: 'call_2', name: 'b', input: {} },
      ],
      [
        { ...result, id: 'call_1', name: 'a', output: 'of a' },
        { ...result, id: 'call_2', name: 'b', output: 'of b\n\nmore' },
      ],
      [
        { type: 'tool-call', id: 'call_3', name: 'a', input: { x: 1 } },
        { type: 'tool-call', id: 'call_4', name: 'b', input: {} },
      ],
      [
        { ...result, id: 'call_3', name: 'a', output: 'of a\n\nmore' },
        { ...result, id: 'call_4', name: 'b', output: 'of b' },
      ],
      [
        { type: 'reasoning', text: 'So.' },
        { type: 'text', text: 'Done' },
      ],
      [{ type: 'text', text: 'Stop.', isInjected: true }],
    ]);
  });

  it('keeps a call that is no JSON as text, and leaves out turns that only fill', async () => {
    const messages = await messagesOf(
      turn('human', ''),
      turn('function_call', 'run it'),
      turn('observation', ''),
      turn('gpt', ''),
      turn('human', 'Well'),
      turn('gpt', 'Yes'),
      turn('observation', 'late'),
      turn('gpt', ''),
      turn('human', ''),
      turn('function_call', 'Still there?'),
    );
    expect(outlineOf(messages)).toEqual([
      'assistant: text run it',
      'tool: tool-result',
      'user: text Well',
      'assistant: text Yes',
      'tool: tool-result',
      'user:',
      'assistant: text Still there?',
    ]);
  });

  it.each([
    ['a list', 'a.json', (records: object[]) => JSON.stringify(records)],
    [
      'lines',
      'a.jsonl',
      (records: object[]) => records.map((one) => JSON.stringify(one)).join('\n'),
    ],
  ])(
    'changes nothing at a second import of %s, and adds what is new',
    async (_name, path, write) => {
      const anonymous = { conversations: simple.conversations };
      const { store } = await importText(path, write([simple, anonymous]));
      const again = await importText(`moved/${path}`, write([simple, anonymous]), store);
      expect(counts(again.receipt)).toBe('+0 x0 f0 =2 m0');
      const longer = { ...simple, conversations: [...simple.conversations, turn('human', 'More')] };
      const grown = await importText(path, write([longer, anonymous, anonymous]), store);
      expect(counts(grown.receipt)).toBe('+1 x1 f0 =1 m3');
    },
  );

  it('keeps numbered conversations of two files apart', async () => {
    const { store } = await bring([{ ...simple, id: 1 }]);
    const other = JSON.stringify([{ ...simple, id: 1 }]);
    const { receipt } = await importText('/data/other.json', other, store);
    expect(counts(receipt)).toBe('+1 x0 f0 =0 m2');
  });

  it('reports what is no turn or no conversation, and imports the rest', async () => {
    const odd = {
      conversations: [...simple.conversations, turn('judge', 'x'), { from: 'gpt' }, 7],
    };
    const { receipt } = await bring([simple, { conversations: [] }, { text: 'x' }, odd]);
    expect(counts(receipt)).toBe('+2 x0 f0 =0 m4');
    expect(receipt.skipped).toEqual([
      { place: 'conversation 2', reason: 'has no messages', isDamage: false },
      { place: 'conversation 3', reason: 'has no messages', isDamage: true },
      { place: 'conversation 4, turn 3', reason: 'has no known speaker', isDamage: true },
      { place: 'conversation 4, turn 4', reason: 'has no text', isDamage: true },
      { place: 'conversation 4, turn 5', reason: 'has no known speaker', isDamage: true },
    ]);
  });
});
