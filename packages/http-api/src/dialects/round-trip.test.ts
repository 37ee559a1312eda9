import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type {
  JsonObject,
  JsonValue,
  ModelProvider,
  ModelRequest,
  StreamEvent,
} from '@synapse/core';
import { MessageCollector, toRequestMessages } from '@synapse/core/conversation';
import { createAnthropicProvider } from '@synapse/provider-anthropic';
import { createOpenAiProvider } from '@synapse/provider-openai';
import { arbitraryMessages } from '@synapse/test/support/arbitrary-request';
import { modelRequest } from '@synapse/test/support/model-request';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { collect } from '@synapse/test/support/read-answer';
import { toLines, type AnswerHead, type AnswerWriter } from './answer-writer.ts';
import { ChatWriter } from './chat/chat-writer.ts';
import { readChatRequest } from './chat/read-chat-request.ts';
import type { DialectRequest } from './dialect-request.ts';
import { MessagesWriter } from './messages/messages-writer.ts';
import { readMessagesRequest } from './messages/read-messages-request.ts';
import { readResponsesRequest } from './responses/read-responses-request.ts';
import { ResponsesWriter } from './responses/responses-writer.ts';

const head: AnswerHead = { id: '0', model: 'acme/one', createdAt: new Date(0) };
const anySignal = () => new AbortController().signal;
let double: ProviderDouble;

beforeAll(async () => {
  double = await openProviderDouble();
});
afterAll(() => double.close());

interface Dialect {
  name: string;
  /** The dialect as Synapse itself speaks it to a provider. */
  provider: () => ModelProvider;
  read: (body: JsonValue) => DialectRequest;
  writer: () => AnswerWriter;
}

const options = (suffix: string) => ({
  ...{ name: 'double', apiKey: 'k', baseUrl: `${double.url}${suffix}` },
});
const dialects: Dialect[] = [
  {
    name: 'Chat Completions',
    provider: () =>
      createOpenAiProvider({
        ...{ ...options('/v1'), dialect: 'chat' },
        quirks: { supportsStreamUsage: true, structuredOutput: 'json-schema' },
      }),
    read: readChatRequest,
    writer: () => new ChatWriter(head, { includesUsage: true }),
  },
  {
    name: 'Responses',
    provider: () => createOpenAiProvider({ ...options('/v1'), dialect: 'responses' }),
    read: readResponsesRequest,
    writer: () => new ResponsesWriter(head, {}),
  },
  {
    name: 'Messages',
    provider: () => createAnthropicProvider(options('')),
    read: readMessagesRequest,
    writer: () => new MessagesWriter(head),
  },
];

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
const texts = fc.array(text, { maxLength: 3 });
const usage = fc
  .record({ input: fc.nat(9999), read: fc.nat(99), output: fc.nat(9999) })
  .map(({ input, read, output }) => ({
    ...{ inputTokens: input + read, outputTokens: output, cacheReadTokens: read },
    ...{ cacheWriteTokens: 0, reasoningTokens: 0, estimated: false },
  }));

/** The events of an answer, whose calls overlap or come whole. */
const answers = fc
  .record({
    reasoning: texts,
    text: texts,
    calls: fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { maxLength: 3 }),
    isWhole: fc.boolean(),
    usage,
    isCut: fc.boolean(),
  })
  .map(({ reasoning, text, calls, isWhole, usage, isCut }): StreamEvent[] => {
    const made = calls.map((input, index) => ({
      ...{ type: 'tool-call' as const, id: `call_${index}`, name: 'do_it' },
      input: JSON.parse(JSON.stringify(input)) as JsonObject,
    }));
    const pieces = made.flatMap(({ id, name, input }): StreamEvent[] => {
      const json = JSON.stringify(input);
      return [
        { type: 'tool-call-start', id, name },
        { type: 'tool-call-delta', id, inputText: json.slice(0, 1) },
        { type: 'tool-call-delta', id, inputText: json.slice(1) },
      ];
    });
    const isPlain = made.length === 0;
    const unified = isPlain ? (isCut ? 'length' : 'stop') : 'tool-calls';
    return [
      { type: 'started', model: 'one' },
      ...reasoning.map((text) => ({ type: 'reasoning-delta' as const, text })),
      ...(reasoning.length > 0 ? [{ type: 'reasoning-end' as const, replay: null }] : []),
      ...text.map((text) => ({ type: 'text-delta' as const, text })),
      ...(isWhole ? [] : pieces),
      ...made,
      { type: 'turn-end', finishReason: { unified, raw: null }, usage, model: 'one' },
    ];
  });

describe.each(dialects)('the dialect $name', ({ provider, read, writer }) => {
  /** The request as it goes over the wire. */
  async function sent(request: ModelRequest): Promise<JsonObject> {
    double.script({ status: 400 });
    await collect(provider().stream(request, anySignal()));
    return double.requests.splice(0).at(-1)?.json() as JsonObject;
  }

  it('reads any conversation so that it can be sent on unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryMessages, text, async (messages, systemPrompt) => {
        const content = { get: async () => Buffer.from('bytes') };
        const first = await sent(
          modelRequest({
            ...{ systemPrompt, messages: await toRequestMessages(messages, content) },
            tools: [{ name: 'do_it', description: 'Does it.', inputSchema: schema }],
            ...{ maxOutputTokens: 77, temperature: 0.5, cacheKey: 'key' },
          }),
        );
        const relayed = read(first);
        const again = await sent({
          ...modelRequest(),
          ...{ model: relayed.model ?? '', systemPrompt: relayed.systemPrompt },
          messages: await toRequestMessages(relayed.messages, {
            get: async (sha256) => relayed.contents.get(sha256),
          }),
          ...{ tools: relayed.tools, maxOutputTokens: relayed.maxOutputTokens },
          ...{ temperature: relayed.temperature, cacheKey: relayed.cacheKey },
        });
        expect({ ...again, prompt_cache_key: 'key' }).toEqual({
          ...first,
          prompt_cache_key: 'key',
        });
      }),
      { numRuns: 60 },
    );
  });

  it('writes any answer so that its readers understand the same', async () => {
    await fc.assert(
      fc.asyncProperty(answers, async (events) => {
        const stream = writer();
        const lines = [...events.flatMap((event) => stream.write(event)), ...stream.end()];
        double.script({
          headers: { 'content-type': 'text/event-stream' },
          steps: [{ send: lines.map(toLines).join('') }],
        });
        const { events: readBack, error } = await collect(
          provider().stream(modelRequest(), anySignal()),
        );
        double.requests.splice(0);
        expect(error).toBeUndefined();
        expect(meaningOf(readBack)).toEqual({ ...meaningOf(events), model: 'acme/one' });
      }),
      { numRuns: 60 },
    );
  });

  it('tells readers of a failure in the middle of an answer', async () => {
    const stream = writer();
    const begun = stream.write({ type: 'text-delta', text: 'Half an ans' });
    const lines = [...begun, ...stream.fail(new Error('a secret detail'))];
    const body = lines.map(toLines).join('');
    double.script({ headers: { 'content-type': 'text/event-stream' }, steps: [{ send: body }] });
    const { error } = await collect(provider().stream(modelRequest(), anySignal()));
    double.requests.splice(0);
    expect((error as Error).message).toContain('An unexpected fault ended the request.');
    expect(body).not.toContain('secret');
  });
});

const schema: JsonObject = { type: 'object', properties: { path: { type: 'string' } } };

function meaningOf(events: readonly StreamEvent[]) {
  const collector = new MessageCollector();
  for (const event of events) collector.add(event);
  const { turnEnd } = collector;
  return {
    parts: collector
      .parts()
      .map((part) => ({ ...part, replay: undefined }))
      .filter((part) => part.type !== 'reasoning' || part.text !== ''),
    finish: turnEnd?.finishReason.unified,
    usage: turnEnd?.usage,
    model: turnEnd?.model,
  };
}
