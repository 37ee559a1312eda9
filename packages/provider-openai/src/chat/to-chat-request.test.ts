import { describe, expect, it } from '@jest/globals';
import { COMPATIBLE_QUIRKS, OPENAI_QUIRKS, type ServerQuirks } from '@synapse/core/models';
import { modelRequest } from '@synapse/test/support/model-request';
import { toChatRequest } from './to-chat-request.ts';

describe('toChatRequest', () => {
  it('sends a minimal request by default', () => {
    expect(toChatRequest(modelRequest(), {}, COMPATIBLE_QUIRKS)).toEqual({
      model: 'double-1',
      stream: true,
      stream_options: { include_usage: true },
      messages: [{ role: 'user', content: 'Good morning.' }],
    });
  });

  it('uses the field names of each server', () => {
    const request = modelRequest({
      systemPrompt: 'Be kind.',
      maxOutputTokens: 100,
      temperature: 0.2,
      cacheKey: 'session-1',
      tools: [{ name: 'list', description: 'Lists.', inputSchema: { type: 'object' } }],
    });
    expect(toChatRequest(request, { reasoningEffort: 'low' }, OPENAI_QUIRKS)).toMatchObject({
      messages: [{ role: 'developer', content: 'Be kind.' }, { role: 'user' }],
      max_completion_tokens: 100,
      temperature: 0.2,
      prompt_cache_key: 'session-1',
      reasoning_effort: 'low',
      tools: [{ type: 'function', function: { name: 'list', parameters: { type: 'object' } } }],
    });
    const quirks = { ...COMPATIBLE_QUIRKS, supportsStreamUsage: false };
    const body = toChatRequest(request, {}, quirks);
    expect(body).toMatchObject({ messages: [{ role: 'system' }, {}], max_tokens: 100 });
    expect(body).not.toHaveProperty('stream_options');
    expect(body).not.toHaveProperty('prompt_cache_key');
  });

  it('demands a call, and ends the answer at no more texts than the API takes', () => {
    const tools = [{ name: 'list', description: '', inputSchema: { type: 'object' } }];
    const stopSequences = ['a', 'b', 'c', 'd', 'e'];
    const body = toChatRequest(
      modelRequest({ tools, toolChoice: { name: 'list' }, stopSequences }),
      {},
      OPENAI_QUIRKS,
    );
    expect(body.tool_choice).toEqual({ type: 'function', function: { name: 'list' } });
    expect(body.stop).toEqual(['a', 'b', 'c', 'd']);
    const any = toChatRequest(modelRequest({ tools, toolChoice: 'required' }), {}, OPENAI_QUIRKS);
    expect(any.tool_choice).toBe('required');
    const none = toChatRequest(modelRequest({ toolChoice: 'required' }), {}, OPENAI_QUIRKS);
    expect(none).not.toHaveProperty('tool_choice');
  });

  it('marks the cached parts of a request to Claude through a router', () => {
    const call = { type: 'tool-call' as const, id: 'c1', name: 'list', input: {} };
    const result = { type: 'tool-result' as const, id: 'c1', name: 'list', isError: false };
    const request = modelRequest({
      model: 'anthropic/claude-sonnet-5.5',
      systemPrompt: 'Be kind.',
      messages: [
        { role: 'user', parts: [{ type: 'text', text: 'a' }] },
        { role: 'assistant', parts: [{ type: 'text', text: 'b' }] },
        { role: 'user', parts: [{ type: 'text', text: 'c' }] },
        { role: 'assistant', parts: [call] },
        { role: 'tool', parts: [{ ...result, output: 'd', images: [] }] },
      ],
    });
    const quirks = { ...COMPATIBLE_QUIRKS, marksCache: true };
    const cache_control = { type: 'ephemeral' };
    const kept = (text: string) => [{ type: 'text', text, cache_control }];
    expect(toChatRequest(request, {}, quirks).messages).toMatchObject([
      { role: 'system', content: kept('Be kind.') },
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b' },
      { role: 'user', content: kept('c') },
      { role: 'assistant', content: null },
      { role: 'tool', content: kept('d') },
    ]);
    for (const body of [
      toChatRequest(request, {}, COMPATIBLE_QUIRKS),
      toChatRequest({ ...request, model: 'openai/gpt-5' }, {}, quirks),
    ]) {
      expect(JSON.stringify(body)).not.toContain('cache_control');
    }
  });

  it('requests the schema as strictly as the server allows', () => {
    const loose = { type: 'object', properties: { a: { type: 'string' } } };
    const strict = { ...loose, required: ['a'], additionalProperties: false };
    const ask = (schema: typeof loose, structuredOutput: ServerQuirks['structuredOutput']) =>
      toChatRequest(
        modelRequest({ outputSchema: { name: 'answer', schema } }),
        {},
        {
          ...COMPATIBLE_QUIRKS,
          structuredOutput,
        },
      );
    expect(ask(strict, 'json-schema').response_format).toEqual({
      type: 'json_schema',
      json_schema: { name: 'answer', schema: strict, strict: true },
    });
    expect(ask(loose, 'json-schema').response_format).toMatchObject({
      json_schema: { strict: false },
    });
    expect(ask(loose, 'json-object')).toMatchObject({
      response_format: { type: 'json_object' },
      messages: [{ role: 'system', content: expect.stringContaining('"properties"') }, {}],
    });
    expect(ask(loose, 'prompt')).not.toHaveProperty('response_format');
  });
});
