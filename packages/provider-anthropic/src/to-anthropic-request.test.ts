import { describe, expect, it } from '@jest/globals';
import type { JsonObject, ModelRequest, RequestMessage } from '@synapse/core';
import { findFacts } from '@synapse/core/models';
import fc from 'fast-check';
import { arbitraryMessages } from '@synapse/test/support/arbitrary-request';
import { modelRequest } from '@synapse/test/support/model-request';
import { anthropicRequestProblems } from '@synapse/test/support/validators/anthropic-request-problems';
import type { AnthropicOptions } from './anthropic-options.ts';
import { toAnthropicRequest } from './to-anthropic-request.ts';

const attachment = { sha256: 'ab', mediaType: 'image/png', name: 'a.png', byteLength: 2 };
const bytes = Buffer.from('hi');
const tool = { name: 'list', description: 'Lists.', inputSchema: { type: 'object' } };

interface Block {
  type: string;
  [field: string]: unknown;
}

function bodyOf(request: ModelRequest, options: Partial<AnthropicOptions> = {}) {
  return toAnthropicRequest(request, options, findFacts('anthropic', request.model));
}

function blocksOf(messages: readonly RequestMessage[]): { role: string; content: Block[] }[] {
  const body = bodyOf(modelRequest({ messages: [...messages] }));
  return JSON.parse(JSON.stringify(body.messages)) as { role: string; content: Block[] }[];
}

describe('toAnthropicRequest', () => {
  it('sends a minimal request by default', () => {
    expect(bodyOf(modelRequest({ model: 'claude-3-haiku-20240307' }))).toEqual({
      model: 'claude-3-haiku-20240307',
      max_tokens: 4096,
      stream: true,
      messages: [
        {
          role: 'user',
          content: [{ type: 'text', text: 'Good morning.', cache_control: { type: 'ephemeral' } }],
        },
      ],
    });
  });

  it('marks the end of the system prompt and of the tools for the cache', () => {
    const body = bodyOf(
      modelRequest({ systemPrompt: 'Be kind.', tools: [tool, { ...tool, name: 'read' }] }),
    );
    expect(body.system).toEqual([
      { type: 'text', text: 'Be kind.', cache_control: { type: 'ephemeral' } },
    ]);
    expect(body.tools).toMatchObject([
      { name: 'list' },
      { name: 'read', cache_control: { type: 'ephemeral' } },
    ]);
    expect(body.tools?.[0]).not.toHaveProperty('cache_control');
  });

  it('leaves room for the answer after the thinking, and sends no temperature', () => {
    const request = modelRequest({ maxOutputTokens: 1000, temperature: 0.5 });
    expect(bodyOf(request, { thinking: { budgetTokens: 2000 } })).toMatchObject({
      max_tokens: 6096,
      thinking: { type: 'enabled', budget_tokens: 2000 },
    });
    expect(bodyOf(request, { thinking: 'adaptive' })).not.toHaveProperty('temperature');
    expect(bodyOf(request)).toMatchObject({ temperature: 0.5, max_tokens: 1000 });
  });

  it.each([
    ['claude-opus-5-5', 128_000],
    ['claude-sonnet-5-5-20260924', 128_000],
    ['claude-opus-4-1', 32_000],
    ['anthropic/claude-opus-4.1', 32_000],
    ['claude-3.5-haiku', 8192],
    ['anthropic.claude-3-opus-20240229-v1:0', 4096],
    ['claude-opus-9', 64_000],
    ['a-model-of-somebody-else', 8192],
  ])('lets %s use all of its %i tokens', (model, limit) => {
    expect(bodyOf(modelRequest({ model })).max_tokens).toBe(limit);
  });

  it.each([
    ['claude-opus-5-5', { type: 'adaptive', display: 'summarized' }],
    ['claude-sonnet-5-5', { type: 'adaptive', display: 'summarized' }],
    ['claude-opus-4-7', undefined],
    ['claude-haiku-4-5', undefined],
    ['unheard-of', undefined],
  ])('asks %s for readable thoughts only if it thinks by default', (model, thinking) => {
    const request = modelRequest({ model });
    expect(bodyOf(request, { showsReasoning: true }).thinking).toEqual(thinking);
    expect(bodyOf(request).thinking).toBeUndefined();
  });

  it('asks for readable thoughts if thinking is on', () => {
    const request = modelRequest({ model: 'claude-opus-4-7' });
    const options = { thinking: 'adaptive', showsReasoning: true } as const;
    expect(bodyOf(request, options).thinking).toEqual({ type: 'adaptive', display: 'summarized' });
    const off = { thinking: 'disabled', showsReasoning: true } as const;
    expect(bodyOf(request, off).thinking).toEqual({ type: 'disabled' });
  });

  it('sends no effort that the model does not support', () => {
    const effortOf = (model: string) =>
      bodyOf(modelRequest({ model }), { effort: 'xhigh' }).output_config?.effort;
    expect(effortOf('claude-opus-5-5')).toBe('xhigh');
    expect(effortOf('claude-opus-4-6')).toBeUndefined();
    expect(effortOf('claude-haiku-4-5')).toBeUndefined();
    expect(effortOf('unheard-of')).toBe('xhigh');
  });

  it('uses the effort of the request, unless the model does not know it', () => {
    const effortOf = (model: string, effort: string) =>
      bodyOf(modelRequest({ model, effort }), { effort: 'low' }).output_config?.effort;
    expect(effortOf('claude-opus-5-5', 'high')).toBe('high');
    expect(effortOf('claude-opus-5-5', 'minimal')).toBe('low');
    expect(effortOf('unheard-of', 'high')).toBe('low');
  });

  it('demands a call, and ends the answer at a text', () => {
    const any = bodyOf(modelRequest({ tools: [tool], toolChoice: 'required' }));
    expect(any.tool_choice).toEqual({ type: 'any' });
    const one = bodyOf(modelRequest({ tools: [tool], toolChoice: { name: 'list' } }));
    expect(one.tool_choice).toEqual({ type: 'tool', name: 'list' });
    expect(bodyOf(modelRequest({ stopSequences: ['END'] })).stop_sequences).toEqual(['END']);
    expect(bodyOf(modelRequest())).not.toHaveProperty('stop_sequences');
  });

  it('asks for effort and for an answer schema', () => {
    const schema = { type: 'object', properties: {}, additionalProperties: false };
    const outputSchema = { name: 'answer', schema };
    const model = 'claude-opus-5-5';
    expect(bodyOf(modelRequest({ model, outputSchema }), { effort: 'low' }).output_config).toEqual({
      effort: 'low',
      format: { type: 'json_schema', schema },
    });
  });

  it.each<[string, string, JsonObject]>([
    ['the shape', 'claude-opus-5-5', { type: 'array', items: { type: 'string' } }],
    ['no shape of this model', 'claude-opus-4', { properties: {}, additionalProperties: false }],
    ['none of a model it does not know', 'double-1', { type: 'object', properties: { a: {} } }],
  ])(
    'describes the schema in the prompt if Anthropic does not guarantee %s',
    (_case, model, schema) => {
      const outputSchema = { name: 'answer', schema };
      const body = bodyOf(modelRequest({ model, systemPrompt: 'Be kind.', outputSchema }));
      expect(body).not.toHaveProperty('output_config');
      const text = `Be kind.\n\nAnswer with nothing but JSON of this schema:\n${JSON.stringify(schema)}`;
      expect(body.system).toMatchObject([{ text }]);
    },
  );

  it('describes arguments whose names Anthropic refuses', () => {
    const properties = { path: { type: 'string' }, $top: { type: 'integer' } };
    const inputSchema = { type: 'object', properties, additionalProperties: false };
    const body = bodyOf(modelRequest({ tools: [{ ...tool, inputSchema }] }));
    expect(body.tools).toMatchObject([
      {
        input_schema: {
          type: 'object',
          description: 'Further arguments: {"$top":{"type":"integer"}}',
          properties: { path: { type: 'string' } },
        },
      },
    ]);
    expect(anthropicRequestProblems({ ...body })).toEqual([]);
  });

  it('sends images, PDF and text, and names attachments that it cannot send', () => {
    const as = (mediaType: string) => ({ attachment: { ...attachment, mediaType }, bytes });
    const [message] = blocksOf([
      {
        role: 'user',
        parts: [
          { type: 'image', ...as('image/png') },
          { type: 'image', ...as('image/tiff') },
          { type: 'file', ...as('application/pdf') },
          { type: 'file', ...as('text/markdown') },
          { type: 'file', ...as('application/zip') },
        ],
      },
    ]);
    expect(message?.content).toMatchObject([
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'aGk=' } },
      { type: 'text', text: '[attachment a.png (image/tiff, 2 bytes) is not shown]' },
      { type: 'document', title: 'a.png', source: { media_type: 'application/pdf', data: 'aGk=' } },
      { type: 'document', title: 'a.png', source: { type: 'text', data: 'hi' } },
      { type: 'text', text: '[attachment a.png (application/zip, 2 bytes) is not shown]' },
    ]);
  });

  it('returns signed and redacted thinking unchanged, and no other', () => {
    const [, answer] = blocksOf([
      { role: 'user', parts: [{ type: 'text', text: 'a' }] },
      {
        role: 'assistant',
        parts: [
          {
            type: 'reasoning',
            text: 'Hm, \n well. ',
            replay: { dialect: 'anthropic', data: { type: 'thinking', signature: 's==' } },
          },
          {
            type: 'reasoning',
            text: '',
            replay: { dialect: 'anthropic', data: { type: 'redacted_thinking', data: 'd==' } },
          },
          { type: 'reasoning', text: 'unsigned' },
          { type: 'reasoning', text: 'x', replay: { dialect: 'openai-responses', data: {} } },
          { type: 'text', text: 'b' },
        ],
      },
    ]);
    expect(answer?.content).toEqual([
      { type: 'thinking', thinking: 'Hm, \n well. ', signature: 's==' },
      { type: 'redacted_thinking', data: 'd==' },
      { type: 'text', text: 'b' },
    ]);
  });

  it('sends tool results in a user message, with errors marked and images included', () => {
    const messages = blocksOf([
      { role: 'user', parts: [{ type: 'text', text: 'a' }] },
      { role: 'assistant', parts: [{ type: 'tool-call', id: 'c1', name: 'list', input: {} }] },
      {
        role: 'tool',
        parts: [
          {
            type: 'tool-result',
            id: 'c1',
            name: 'list',
            output: 'It failed.',
            isError: true,
            images: [{ type: 'image', attachment, bytes }],
          },
        ],
      },
    ]);
    expect(messages[2]).toMatchObject({
      role: 'user',
      content: [
        {
          type: 'tool_result',
          tool_use_id: 'c1',
          is_error: true,
          content: [{ type: 'text', text: 'It failed.' }, { type: 'image' }],
        },
      ],
    });
  });

  it('builds a valid request from any conversation', () => {
    fc.assert(
      fc.property(arbitraryMessages, (messages) => {
        expect(violations(blocksOf(messages))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps the bytes of earlier messages, except for cache marks', () => {
    fc.assert(
      fc.property(arbitraryMessages, arbitraryMessages, (first, second) => {
        const unmarked = (messages: RequestMessage[]) =>
          blocksOf(messages).map(({ role, content }) =>
            content.map(({ cache_control: _mark, ...block }) => JSON.stringify({ role, ...block })),
          );
        const before = unmarked(first).flat();
        expect(
          unmarked([...first, ...second])
            .flat()
            .slice(0, before.length),
        ).toEqual(before);
      }),
    );
  });
});

/** The rules of the API that a conversation may break. */
function violations(messages: readonly { role: string; content: Block[] }[]): string[] {
  const found: string[] = [];
  const marks = messages.flatMap(({ content }) =>
    content.filter((block) => 'cache_control' in block),
  );
  if (marks.length > 2) found.push('too many marks');
  if (marks.some(({ type }) => type.endsWith('thinking'))) found.push('marked thinking');
  messages.forEach(({ role, content }, index) => {
    if (role !== (index % 2 === 0 ? 'user' : 'assistant')) found.push('roles do not alternate');
    if (content.length === 0) found.push('empty message');
    if (content.at(-1)?.type.endsWith('thinking')) found.push('ends in thinking');
    const open = (messages[index - 1]?.content ?? []).filter(({ type }) => type === 'tool_use');
    const answered = content.filter(({ type }) => type === 'tool_result');
    if (String(open.map(({ id }) => id)) !== String(answered.map((block) => block.tool_use_id))) {
      found.push('calls and results differ');
    }
    for (const block of content) {
      if (block.type === 'text' && String(block.text).trim() === '') found.push('empty text');
      if (block.type === 'thinking' && !block.signature) found.push('unsigned thinking');
      if (block.type === 'tool_use' && !/^[a-zA-Z0-9_-]+$/.test(String(block.id)))
        found.push('bad id');
    }
  });
  return found;
}
