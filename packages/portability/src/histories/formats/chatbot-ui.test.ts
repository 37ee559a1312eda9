import { describe, expect, it } from '@jest/globals';
import type { JsonObject, Store } from '@synapse/core';
import { counts, importText, outlineOf } from '@synapse/test/support/imported-histories';

const chat = {
  ...{ id: 'c1', name: 'A chat' },
  messages: [
    { role: 'user', type: 'text', content: 'Hi' },
    { role: 'assistant', type: 'text', content: 'Hello' },
  ],
  ...{ model: { id: 'gpt-4', name: 'GPT-4' }, prompt: 'Be short.', temperature: 1, folderId: 'f' },
};

const bring = (history: unknown[], store?: Store) => {
  const file = { version: 4, history, folders: [{ id: 'f' }], prompts: [{ id: 'p' }] };
  return importText('chatbot_ui_history.json', `\uFEFF${JSON.stringify(file, null, 2)}`, store);
};

describe('an export of Chatbot UI', () => {
  it('brings conversations with their names, models and system prompts', async () => {
    const { sessions, receipt } = await bring([chat, { ...chat, id: 2 }]);
    expect(counts(receipt)).toBe('+2 x0 f0 =0 m4');
    const { session, messages } = sessions[0]!;
    expect(outlineOf(messages)).toEqual(['user: text Hi', 'assistant: text Hello']);
    expect(messages[1]).toMatchObject({ model: 'gpt-4' });
    expect(session).toMatchObject({
      ...{ title: 'A chat', model: 'gpt-4', systemPrompt: 'Be short.', origin: 'chatbot-ui' },
      metadata: { history: { id: 'c1', folderId: 'f', temperature: 1 } },
    });
  });

  it('reads the bare list of the oldest versions', async () => {
    const { receipt } = await importText('history.json', JSON.stringify([chat]));
    expect(receipt).toMatchObject({ tool: 'chatbot-ui', added: 1 });
  });

  it('changes nothing at a second import, and adds what is new', async () => {
    const { store } = await bring([chat]);
    expect(counts((await bring([chat], store)).receipt)).toBe('+0 x0 f0 =1 m0');
    const messages = [...chat.messages, { role: 'user', content: 'More' }];
    const grown = await bring(
      [
        { ...chat, messages },
        { ...chat, id: 'c2' },
      ],
      store,
    );
    expect(counts(grown.receipt)).toBe('+1 x1 f0 =0 m3');
  });

  it('reports what is no conversation or message, and keeps other content as it is', async () => {
    const messages = [{ role: 'user', content: ['x'] }, { role: 'judge', content: '' }, 7];
    const odd: JsonObject = { id: 'c2', name: 'odd', messages };
    const { sessions, receipt } = await bring([
      chat,
      { messages: [] },
      { ...chat, messages: [], id: 'c3' },
      odd,
    ]);
    expect(counts(receipt)).toBe('+2 x0 f0 =0 m3');
    expect(sessions[1]!.messages[0]!.parts).toEqual([
      { type: 'raw', kind: 'content', data: ['x'] },
    ]);
    expect(receipt.skipped).toEqual([
      { place: 'conversation 2', reason: 'has no id', isDamage: true },
      { place: 'conversation 3', reason: 'has no messages', isDamage: false },
      { place: 'conversation 4, message 2', reason: 'has no known role', isDamage: true },
      { place: 'conversation 4, message 3', reason: 'has no known role', isDamage: true },
    ]);
  });
});
