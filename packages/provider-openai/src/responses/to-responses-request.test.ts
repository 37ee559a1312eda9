import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RequestMessage, TextPart } from '@synapse/core';
import { arbitraryMessages } from '@synapse/test/support/arbitrary-request';
import { modelRequest } from '@synapse/test/support/model-request';
import { toResponsesRequest } from './to-responses-request.ts';

interface Item {
  type?: string;
  role?: string;
  content?: unknown;
  call_id?: string;
  arguments?: string;
  output?: unknown;
  encrypted_content?: string;
}

const attachment = { sha256: 'ab', mediaType: 'image/png', name: 'a.png', byteLength: 2 };
const bytes = Buffer.from('hi');
const plain = { sealsThoughts: false };

function itemsOf(messages: readonly RequestMessage[]): Item[] {
  return toResponsesRequest(modelRequest({ messages: [...messages] }), plain).input as Item[];
}

describe('toResponsesRequest', () => {
  it('sends a minimal request by default, and disables storage', () => {
    expect(toResponsesRequest(modelRequest(), plain)).toEqual({
      model: 'double-1',
      stream: true,
      store: false,
      input: [{ role: 'user', content: [{ type: 'input_text', text: 'Good morning.' }] }],
    });
  });

  it('demands a call of any tool, or of one', () => {
    const tools = [{ name: 'list', description: '', inputSchema: { type: 'object' } }];
    const choiceOf = (toolChoice: 'required' | { name: string }) =>
      toResponsesRequest(modelRequest({ tools, toolChoice }), plain).tool_choice;
    expect(choiceOf('required')).toBe('required');
    expect(choiceOf({ name: 'list' })).toEqual({ type: 'function', name: 'list' });
  });

  it('asks reasoning models for encrypted reasoning, and sends them no temperature', () => {
    const request = modelRequest({ model: 'gpt-5.1', temperature: 1 });
    const body = toResponsesRequest(request, {
      ...{ reasoningEffort: 'high', reasoningSummary: 'auto', sealsThoughts: true },
    });
    expect(body).toMatchObject({
      include: ['reasoning.encrypted_content'],
      reasoning: { effort: 'high', summary: 'auto' },
    });
    expect(body).not.toHaveProperty('temperature');
    const other = toResponsesRequest(modelRequest({ model: 'gpt-4.1', temperature: 1 }), plain);
    expect(other).toMatchObject({ temperature: 1 });
    expect(other).not.toHaveProperty('include');
  });

  it('passes on prompt, tools, limit, cache key and schema', () => {
    const schema = { type: 'object', properties: {}, required: [], additionalProperties: false };
    const request = modelRequest({
      systemPrompt: 'Be kind.',
      tools: [{ name: 'list', description: 'Lists.', inputSchema: { type: 'object' } }],
      maxOutputTokens: 100,
      cacheKey: 'session-1',
      outputSchema: { name: 'answer', schema },
    });
    expect(toResponsesRequest(request, plain)).toMatchObject({
      instructions: 'Be kind.',
      tools: [{ type: 'function', name: 'list', strict: false }],
      max_output_tokens: 100,
      prompt_cache_key: 'session-1',
      text: { format: { type: 'json_schema', name: 'answer', schema, strict: true } },
    });
  });

  it('returns the phase of a message unchanged', () => {
    const phased = (text: string, phase: string): TextPart => ({
      ...{ type: 'text', text },
      replay: { dialect: 'openai-responses', data: { phase } },
    });
    const items = itemsOf([
      { role: 'user', parts: [{ type: 'text', text: 'a' }] },
      {
        role: 'assistant',
        parts: [phased('I look.', 'commentary'), phased('Done.', 'final_answer'), phased('?', 'x')],
      },
      { role: 'user', parts: [{ type: 'text', text: 'b' }] },
    ]);
    expect(items.slice(1, -1)).toEqual([
      { role: 'assistant', content: 'I look.', phase: 'commentary' },
      { role: 'assistant', content: 'Done.', phase: 'final_answer' },
      { role: 'assistant', content: '?' },
    ]);
  });

  it('returns encrypted reasoning unchanged', () => {
    const data = { id: 'rs_1', encrypted_content: 'c2VhbGVk', summary: ['a', 'b'] };
    const items = itemsOf([
      { role: 'user', parts: [{ type: 'text', text: 'a' }] },
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', text: 'a\n\nb', replay: { dialect: 'openai-responses', data } },
          { type: 'tool-call', id: 'c1', name: 'list', input: { a: 1 } },
        ],
      },
      {
        role: 'tool',
        parts: [
          {
            type: 'tool-result',
            id: 'c1',
            name: 'list',
            output: 'x',
            isError: false,
            images: [{ type: 'image', attachment, bytes }],
          },
        ],
      },
    ]);
    expect(items.slice(1)).toEqual([
      {
        type: 'reasoning',
        id: 'rs_1',
        encrypted_content: 'c2VhbGVk',
        summary: [
          { type: 'summary_text', text: 'a' },
          { type: 'summary_text', text: 'b' },
        ],
      },
      { type: 'function_call', call_id: 'c1', name: 'list', arguments: '{"a":1}' },
      {
        type: 'function_call_output',
        call_id: 'c1',
        output: [
          { type: 'input_text', text: 'x' },
          { type: 'input_image', detail: 'auto', image_url: 'data:image/png;base64,aGk=' },
        ],
      },
    ]);
  });

  it('sends files by their type', () => {
    const [message] = itemsOf([
      {
        role: 'user',
        parts: [
          { type: 'file', attachment: { ...attachment, mediaType: 'application/pdf' }, bytes },
          { type: 'file', attachment: { ...attachment, mediaType: 'text/css' }, bytes },
          { type: 'file', attachment: { ...attachment, mediaType: 'audio/wav' }, bytes },
        ],
      },
    ]);
    expect(message?.content).toEqual([
      { type: 'input_file', filename: 'a.png', file_data: 'data:application/pdf;base64,aGk=' },
      { type: 'input_text', text: 'File a.png:\n\nhi' },
      { type: 'input_text', text: '[attachment a.png (audio/wav, 2 bytes) is not shown]' },
    ]);
  });

  it('builds a valid request from any conversation', () => {
    fc.assert(
      fc.property(arbitraryMessages, (messages) => {
        expect(violations(itemsOf(messages))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

/** The rules of the API that a conversation may break. */
function violations(items: readonly Item[]): string[] {
  const found: string[] = [];
  const calls = items.filter(({ type }) => type === 'function_call').map(({ call_id }) => call_id);
  const results = items.filter(({ type }) => type === 'function_call_output');
  if (String(calls) !== String(results.map(({ call_id }) => call_id))) found.push('results differ');
  items.forEach((item, index) => {
    const next = items[index + 1];
    if (item.type === 'reasoning') {
      if (!item.encrypted_content) found.push('reasoning that is not sealed');
      const isFollowed =
        next?.type === 'function_call' || next?.type === 'reasoning' || next?.role === 'assistant';
      if (!isFollowed) found.push('reasoning without what it led to');
    }
    if (item.type === 'function_call') {
      if (!/^[\w-]{1,64}$/.test(item.call_id ?? '')) found.push('a bad id');
      JSON.parse(item.arguments ?? '');
    }
    if (item.role === 'assistant' && item.content === '') found.push('an empty answer');
  });
  return found;
}
