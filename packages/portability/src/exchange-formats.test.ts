import { describe, expect, it } from '@jest/globals';
import { isNote, type Message, type NewMessage, type Part, type Store } from '@synapse/core';
import type { NewSession } from '@synapse/core/store-kit';
import { createMemoryStore } from '@synapse/storage-memory';
import { anyStoredSession, storeSample } from '@synapse/test/support/arbitraries/stored-sessions';
import { aContext, aMessage, anAnswer, aSession, aTitle, at } from '@synapse/test/support/samples';
import {
  atifProblems,
  openaiProblems,
  opencodeProblems,
  sharegptProblems,
} from '@synapse/test/support/validators/exchange-format-problems';
import fc from 'fast-check';
import { createAtifFormat } from './atif-format.ts';
import type { ExportFormat } from './export-format.ts';
import { exportSessions } from './export-sessions.ts';
import { messagePages } from './message-pages.ts';
import { createOpenaiFormat } from './openai-format.ts';
import { createOpencodeFormat } from './opencode-format.ts';
import { createRedact } from './redact-session.ts';
import { createSharegptFormat } from './sharegpt-format.ts';
import { strictJson } from './step-format.ts';

interface Exchange {
  open: () => ExportFormat;
  problems: (text: string) => string[];
  /** The JSON of arguments as it stands in the file. */
  written: (json: string) => string;
}

const inString = (json: string): string => JSON.stringify(json).slice(1, -1);
const formats: Record<string, Exchange> = {
  atif: {
    open: () => createAtifFormat({ version: '1.2.3' }),
    problems: atifProblems,
    written: (json) => json,
  },
  openai: { open: createOpenaiFormat, problems: openaiProblems, written: inString },
  sharegpt: { open: createSharegptFormat, problems: sharegptProblems, written: inString },
  opencode: { open: createOpencodeFormat, problems: opencodeProblems, written: (json) => json },
};

async function exportAs(
  name: string,
  store: Store,
  ids: readonly string[],
  known?: string[],
): Promise<string> {
  const sessions = await Promise.all(ids.map(async (id) => (await store.sessions.get(id))!));
  const redact = known && createRedact(known);
  let text = '';
  const format = formats[name]!.open();
  for await (const piece of exportSessions(store, sessions, { format, redact })) text += piece;
  return text;
}

async function storeSession(
  messages: readonly NewMessage[],
  session: Partial<NewSession> = {},
): Promise<{ store: Store; id: string }> {
  const store = createMemoryStore();
  const { id } = await store.sessions.create(aSession(session));
  await store.sessions.append(id, messages, null);
  return { store, id };
}

async function exported(
  name: string,
  messages: readonly NewMessage[],
  session: Partial<NewSession> = {},
): Promise<string> {
  const { store, id } = await storeSession(messages, session);
  const text = await exportAs(name, store, [id]);
  expect(formats[name]!.problems(text)).toEqual([]);
  return text;
}

/** Every string of a JSON value, however deep. */
function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

/** Halves of pairs are replaced, and meet where texts are joined. */
function withoutPairs(text: string): string {
  return text.replaceAll(/[\ud800-\udfff\ufffd]/g, '');
}

async function activeMessages(store: Store, id: string): Promise<Message[]> {
  const messages: Message[] = [];
  for await (const page of messagePages(store.sessions, id, { turns: 'active' })) {
    messages.push(...page);
  }
  return messages.filter((message) => !isNote(message));
}

function call(id: string, name: string, input = {}): Part {
  return { type: 'tool-call', id, name, input };
}

function result(id: string, name: string, output: string, isError = false): Part {
  return { type: 'tool-result', id, name, output, isError };
}

const usage = {
  ...{ inputTokens: 120, outputTokens: 20, cacheReadTokens: 30, cacheWriteTokens: 10 },
  ...{ reasoningTokens: 5, estimated: false },
};

const conversation = [
  aMessage('List the files'),
  aContext({ summary: 'a note' }),
  aTitle('a name'),
  anAnswer('', {
    parts: [
      { type: 'reasoning', text: 'I look.' },
      { type: 'text', text: 'One moment.' },
      call('c1', 'list', { path: '.' }),
      call('c2', 'read', { path: 'b' }),
    ],
    ...{ usage, cost: { nanoUsd: 1_500_000, price: 'reported' }, latencyMs: 1500.4 },
    finishReason: { unified: 'tool-calls', raw: 'tool_use' },
    createdAt: at(1),
  }),
  aMessage('', {
    role: 'tool',
    parts: [result('c2', 'read', 'no such file', true), result('c1', 'list', 'a.txt')],
    createdAt: at(4),
  }),
  anAnswer('There is one: a.txt 🎉', { createdAt: at(5) }),
];

describe.each(Object.entries(formats))('an export as %s', (name, { problems, written }) => {
  it('is valid for any session, and lacks no text, arguments or output', async () => {
    await fc.assert(
      fc.asyncProperty(anyStoredSession, async (sample) => {
        const store = createMemoryStore();
        const id = await storeSample(store, sample);
        const text = await exportAs(name, store, [id]);
        expect(problems(text)).toEqual([]);
        const lines = text.split('\n').filter((line) => line !== '');
        const document: unknown =
          name === 'openai' ? lines.map((line) => JSON.parse(line) as unknown) : JSON.parse(text);
        const all = stringsIn(document).map(withoutPairs).join('\n\n');
        for (const { parts } of await activeMessages(store, id)) {
          for (const part of parts) {
            if (part.type === 'text') expect(all).toContain(withoutPairs(part.text));
            if (part.type === 'tool-result') expect(all).toContain(withoutPairs(part.output));
            if (part.type !== 'tool-call') continue;
            const { input, invalidInput } = part;
            const json = invalidInput === undefined ? strictJson(input) : strictJson(invalidInput);
            expect(text).toContain(written(json));
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is the same each time', async () => {
    const { store, id } = await storeSession(conversation);
    expect(await exportAs(name, store, [id])).toBe(await exportAs(name, store, [id]));
  });

  it('leaves out variants and notes', async () => {
    const { store, id } = await storeSession([
      ...conversation,
      aMessage('undone'),
      anAnswer('too'),
    ]);
    await store.sessions.undoTurn(id, null);
    const text = await exportAs(name, store, [id]);
    expect(text).toContain('List the files');
    expect(text).not.toMatch(/undone|a note|a name/);
  });

  it('is redacted', async () => {
    const { store, id } = await storeSession(
      [
        aMessage('my secret is hunter22'),
        anAnswer('', { parts: [call('c', 'run', { word: 'hunter22' })] }),
        aMessage('', { role: 'tool', parts: [result('c', 'run', 'hunter22')] }),
      ],
      { systemPrompt: 'hunter22', title: 'hunter22', workingDirectory: '/hunter22' },
    );
    const text = await exportAs(name, store, [id], ['hunter22']);
    expect(problems(text)).toEqual([]);
    expect(text).toContain('my secret is ');
    expect(text).not.toContain('hunter22');
  });

  it('is valid for a session without messages', async () => {
    expect(await exported(name, [], { systemPrompt: 'Be brief.' })).not.toContain('undefined');
    await exported(name, []);
  });
});

describe('images and files', () => {
  async function withFiles(name: string): Promise<string> {
    const { store, id } = await storeSession([]);
    const put = (text: string, mediaType: string, file: string | null) =>
      store.attachments.put({ bytes: Buffer.from(text), mediaType, name: file });
    const image = await put('image', 'IMAGE/PNG', 'a.png');
    const paper = await put('paper', 'application/pdf', 'b.pdf');
    const sound = await put('sound', 'audio/wav', null);
    const gone = { sha256: 'gone', mediaType: 'image/png', name: 'gone.png', byteLength: 3 };
    const messages = [
      aMessage('', {
        parts: [
          { type: 'text', text: 'Look' },
          { type: 'image', attachment: image },
          { type: 'file', attachment: paper },
          { type: 'file', attachment: sound },
          { type: 'image', attachment: gone },
        ],
      }),
      anAnswer('', { parts: [call('c', 'draw')] }),
      aMessage('', {
        role: 'tool',
        parts: [{ ...result('c', 'draw', 'drawn'), attachments: [image] } as Part],
      }),
    ];
    await store.sessions.append(id, messages, null);
    const text = await exportAs(name, store, [id]);
    expect(formats[name]!.problems(text)).toEqual([]);
    expect(text).toContain('[attachment: gone.png (image/png, 3 bytes)]');
    return text;
  }
  const url = (text: string, mediaType: string): string =>
    `data:${mediaType};base64,${Buffer.from(text).toString('base64')}`;
  const image = url('image', 'image/png');

  it('are data in ATIF if they are images, also in results', async () => {
    const { steps } = JSON.parse(await withFiles('atif')) as { steps: Record<string, unknown>[] };
    const part = { type: 'image', source: { media_type: 'image/png', path: image } };
    expect(steps[0]!.message).toEqual([
      { type: 'text', text: 'Look' },
      part,
      { type: 'text', text: '[attachment: b.pdf (application/pdf, 5 bytes)]' },
      { type: 'text', text: '[attachment: attachment (audio/wav, 5 bytes)]' },
      { type: 'text', text: '[attachment: gone.png (image/png, 3 bytes)]' },
    ]);
    expect(steps[1]!.observation).toEqual({
      results: [{ source_call_id: 'c', content: [{ type: 'text', text: 'drawn' }, part] }],
    });
  });

  it('are data in OpenAI messages if models take them', async () => {
    const { messages } = JSON.parse(await withFiles('openai')) as { messages: object[] };
    expect(messages[0]).toEqual({
      role: 'user',
      content: [
        { type: 'text', text: 'Look' },
        { type: 'image_url', image_url: { url: image } },
        { type: 'file', file: { filename: 'b.pdf', file_data: url('paper', 'application/pdf') } },
        { type: 'text', text: '[attachment: attachment (audio/wav, 5 bytes)]' },
        { type: 'text', text: '[attachment: gone.png (image/png, 3 bytes)]' },
      ],
    });
    expect(messages[2]).toMatchObject({
      content: 'drawn\n[attachment: a.png (IMAGE/PNG, 5 bytes)]',
    });
  });

  it('are named in ShareGPT', async () => {
    expect(await withFiles('sharegpt')).toContain(
      String.raw`Look\n[attachment: a.png (IMAGE/PNG, 5 bytes)]\n[attachment: b.pdf`,
    );
  });

  it('are data in opencode, whatever they are', async () => {
    const { messages } = JSON.parse(await withFiles('opencode')) as {
      messages: { parts: object[] }[];
    };
    const file = { type: 'file', mime: 'image/png', url: image, filename: 'a.png' };
    expect(messages[0]!.parts).toMatchObject([
      { text: 'Look' },
      file,
      { type: 'file', mime: 'application/pdf', filename: 'b.pdf' },
      { type: 'file', mime: 'audio/wav', url: url('sound', 'audio/wav') },
      { type: 'text', synthetic: true },
    ]);
    expect(messages[1]!.parts[1]).toMatchObject({ state: { attachments: [file] } });
  });
});

describe('a conversation with tools', () => {
  const session = { systemPrompt: 'Be brief.', model: 'wise-5', provider: 'acme' };

  it('keeps calls apart whose ids are halves of a character', async () => {
    const calls = [call('\ud83d', 'first'), call('\ude00', 'second')];
    const { steps } = JSON.parse(await exported('atif', [anAnswer('', { parts: calls })])) as {
      steps: { tool_calls: { tool_call_id: string }[] }[];
    };
    const ids = steps[0]!.tool_calls.map((one) => one.tool_call_id);
    expect(ids).toEqual(['\ufffd', '\ufffd_2']);
  });

  it('is steps in ATIF, with the results beside their calls', async () => {
    const text = await exported('atif', conversation, session);
    expect(JSON.parse(text)).toMatchObject({
      schema_version: 'ATIF-v1.7',
      agent: {
        name: 'synapse',
        version: '1.2.3',
        model_name: 'wise-5',
        extra: { provider: 'acme' },
      },
      steps: [
        { step_id: 1, source: 'system', message: 'Be brief.' },
        { step_id: 2, source: 'user', message: 'List the files' },
        {
          ...{ step_id: 3, source: 'agent', message: 'One moment.', model_name: 'echo' },
          timestamp: at(1).toISOString(),
          reasoning_content: 'I look.',
          tool_calls: [
            { tool_call_id: 'c1', function_name: 'list', arguments: { path: '.' } },
            { tool_call_id: 'c2', function_name: 'read', arguments: { path: 'b' } },
          ],
          observation: {
            results: [
              { source_call_id: 'c1', content: 'a.txt' },
              { source_call_id: 'c2', content: 'no such file', extra: { is_error: true } },
            ],
          },
          metrics: {
            ...{ prompt_tokens: 120, completion_tokens: 20, cached_tokens: 30, cost_usd: 0.0015 },
            extra: { cache_write_tokens: 10, reasoning_tokens: 5, is_estimated: false },
          },
          llm_call_count: 1,
          extra: { provider: 'demo', finish_reason: 'tool-calls', latency_ms: 1500.4 },
        },
        { step_id: 4, source: 'agent', message: 'There is one: a.txt 🎉' },
      ],
      final_metrics: {
        ...{ total_prompt_tokens: 120, total_completion_tokens: 20, total_cached_tokens: 30 },
        ...{ total_cost_usd: 0.0015, total_steps: 4 },
      },
    });
  });

  it('is chat messages for OpenAI, with each result behind the calls in their order', async () => {
    const text = await exported('openai', conversation, session);
    const toolCall = (id: string, name: string, input: string) => ({
      ...{ id, type: 'function', function: { name, arguments: input } },
    });
    expect(JSON.parse(text)).toEqual({
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'List the files' },
        {
          ...{ role: 'assistant', content: 'One moment.' },
          tool_calls: [
            toolCall('c1', 'list', '{"path":"."}'),
            toolCall('c2', 'read', '{"path":"b"}'),
          ],
        },
        { role: 'tool', tool_call_id: 'c1', content: 'a.txt' },
        { role: 'tool', tool_call_id: 'c2', content: 'no such file' },
        { role: 'assistant', content: 'There is one: a.txt 🎉' },
      ],
    });
  });

  it('is turns that alternate in ShareGPT', async () => {
    const [{ system, conversations }] = JSON.parse(
      await exported('sharegpt', [...conversation, aMessage('One'), aMessage('Two')], session),
    ) as [{ system: string; conversations: object[] }];
    expect(system).toBe('Be brief.');
    expect(conversations).toEqual([
      { from: 'human', value: 'List the files' },
      {
        from: 'function_call',
        value:
          '<think>\nI look.\n\nOne moment.\n</think>\n\n[{"name":"list","arguments":{"path":"."}},{"name":"read","arguments":{"path":"b"}}]',
      },
      { from: 'observation', value: 'a.txt\n\nno such file' },
      { from: 'gpt', value: 'There is one: a.txt 🎉' },
      { from: 'human', value: 'One\n\nTwo' },
    ]);
  });

  it('puts an empty turn of the other side where ShareGPT needs one', async () => {
    const calls = anAnswer('', { parts: [call('c', 'list')] });
    const results = aMessage('', { role: 'tool', parts: [result('c', 'list', 'a')] });
    const text = await exported('sharegpt', [anAnswer('First'), calls, results, aMessage('So?')]);
    const [{ conversations }] = JSON.parse(text) as [{ conversations: object[] }];
    expect(conversations).toEqual([
      { from: 'human', value: '' },
      { from: 'gpt', value: 'First' },
      { from: 'human', value: '' },
      { from: 'function_call', value: '{"name":"list","arguments":{}}' },
      { from: 'observation', value: 'a' },
      { from: 'gpt', value: '' },
      { from: 'human', value: 'So?' },
    ]);
  });

  it('is messages with parts in opencode, with tokens that are no part of each other', async () => {
    const text = await exported('opencode', conversation, {
      ...session,
      workingDirectory: '/work',
    });
    const tokens = { input: 80, output: 15, reasoning: 5, cache: { read: 30, write: 10 } };
    const time = { start: at(1).getTime(), end: at(1).getTime() + 1500 };
    const toolTime = { start: time.end, end: at(4).getTime() };
    expect(JSON.parse(text)).toMatchObject({
      info: {
        ...{ directory: '/work', version: '1.18.33', cost: 0.0015, tokens },
        model: { id: 'wise-5', providerID: 'acme' },
      },
      messages: [
        {
          info: { role: 'user', system: 'Be brief.' },
          parts: [{ type: 'text', text: 'List the files' }],
        },
        {
          info: {
            ...{ role: 'assistant', modelID: 'echo', providerID: 'demo', finish: 'tool-calls' },
            ...{ cost: 0.0015, tokens: { total: 140, ...tokens } },
            time: { created: time.start, completed: time.end },
          },
          parts: [
            { type: 'step-start' },
            { type: 'reasoning', text: 'I look.', time },
            { type: 'text', text: 'One moment.', time },
            {
              ...{ type: 'tool', tool: 'list', callID: 'c1' },
              state: { status: 'completed', input: { path: '.' }, output: 'a.txt', time: toolTime },
            },
            {
              ...{ type: 'tool', tool: 'read', callID: 'c2' },
              state: { status: 'error', input: { path: 'b' }, error: 'no such file' },
            },
            { type: 'step-finish', reason: 'tool-calls', cost: 0.0015 },
          ],
        },
        { parts: [{}, { text: 'There is one: a.txt 🎉' }, {}] },
      ],
    });
  });
});

describe('several sessions', () => {
  it('are lines for OpenAI and an array in ShareGPT, without the empty ones', async () => {
    const { store, id } = await storeSession(conversation);
    const empty = await store.sessions.create(aSession());
    const other = await store.sessions.create(aSession());
    await store.sessions.append(other.id, [aMessage('Hello'), anAnswer('Hi')], null);
    const ids = [empty.id, id, other.id];
    const lines = await exportAs('openai', store, ids);
    expect(openaiProblems(lines)).toEqual([]);
    expect(lines.trimEnd().split('\n')).toHaveLength(2);
    const array = await exportAs('sharegpt', store, ids);
    expect(sharegptProblems(array)).toEqual([]);
    expect(JSON.parse(array)).toMatchObject([{ id }, { id: other.id }]);
  });
});

describe('what does not belong together', () => {
  const torn = [
    aMessage('', { role: 'tool', parts: [result('x', 'lost', 'an answer to nothing')] }),
    anAnswer('', { parts: [call('', 'a'), call('c', 'b'), call('c', 'b')] }),
    aMessage('', { role: 'tool', parts: [result('c', 'b', 'first')] }),
  ];

  it('is a result without a source in ATIF, and a call without a result', async () => {
    const { steps } = JSON.parse(await exported('atif', torn)) as { steps: object[] };
    const content = 'an answer to nothing';
    expect(steps[0]).toMatchObject({
      observation: { results: [{ content, extra: { function_name: 'lost' } }] },
    });
    expect(steps[1]).toMatchObject({
      tool_calls: [{ tool_call_id: 'call' }, { tool_call_id: 'c' }, { tool_call_id: 'c_2' }],
      observation: { results: [{ source_call_id: 'c', content: 'first' }] },
    });
  });

  it('gets a call and a result in OpenAI messages', async () => {
    const { messages } = JSON.parse(await exported('openai', torn)) as { messages: object[] };
    const interrupted = 'This call was interrupted; its effect is unknown.';
    expect(messages).toMatchObject([
      { role: 'assistant', tool_calls: [{ id: 'x', function: { arguments: '{}' } }] },
      { role: 'tool', tool_call_id: 'x', content: 'an answer to nothing' },
      { role: 'assistant', tool_calls: [{ id: 'call' }, { id: 'c' }, { id: 'c_2' }] },
      { tool_call_id: 'call', content: interrupted },
      { tool_call_id: 'c', content: 'first' },
      { tool_call_id: 'c_2', content: interrupted },
    ]);
  });

  it('gets a question in opencode', async () => {
    const { messages } = JSON.parse(await exported('opencode', torn)) as {
      messages: { info: { role: string }; parts: object[] }[];
    };
    expect(messages.map(({ info }) => info.role)).toEqual(['user', 'assistant', 'assistant']);
    expect(messages[0]!.parts).toEqual([]);
  });
});
