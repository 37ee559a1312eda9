import { describe, expect, it } from '@jest/globals';
import { modelRequest } from '@synapse/test/support/model-request';
import type { LoadedToolResult, ModelRequest } from '../ports/model-provider.ts';
import type { ToolCallPart } from '../session/part.ts';
import { estimateRequestTokens, estimateUsage } from './estimate-usage.ts';

const bytes = new Uint8Array(400);
const attachment = { sha256: 's', mediaType: 'image/png', name: null, byteLength: 400 };
const CALL: ToolCallPart = { type: 'tool-call', id: '1', name: 'weather', input: {} };

describe('estimateUsage', () => {
  it('counts each message and a prompt, with their overhead', () => {
    const said = modelRequest({
      messages: [{ role: 'user', parts: [{ type: 'text', text: 'the cat' }] }],
    });
    expect(estimateRequestTokens(said)).toBe(2 + 4);
    expect(estimateRequestTokens({ ...said, systemPrompt: 'the' })).toBe(2 + 4 + 1 + 4);
    const [message] = said.messages;
    expect(estimateRequestTokens({ ...said, messages: [message!, message!] })).toBe(2 * (2 + 4));
  });

  it('counts definitions of tools by their text', () => {
    const tools = [{ name: 'read', description: 'Reads a file.', inputSchema: { type: 'object' } }];
    const more = tools.map((tool) => ({ ...tool, description: 'Reads a file. '.repeat(100) }));
    const request = modelRequest();
    const without = estimateRequestTokens(request);
    expect(estimateRequestTokens({ ...request, tools })).toBeGreaterThan(without + 10);
    expect(estimateRequestTokens({ ...request, tools: more })).toBeGreaterThan(without + 400);
  });

  it('counts an image by its pixels, also in a result or in the store', () => {
    const png = Buffer.alloc(33);
    png.writeUInt32BE(0x89504e47, 0);
    png.writeUInt32BE(900, 16);
    png.writeUInt32BE(300, 20);
    const image = { type: 'image' as const, attachment, bytes: png };
    const result = { type: 'tool-result', id: '1', name: 'shot', output: 'the', isError: false };
    const shown = { ...result, images: [image] } as LoadedToolResult;
    const tokensOf = (message: ModelRequest['messages'][number]) =>
      estimateRequestTokens(modelRequest({ messages: [message] }));
    expect(tokensOf({ role: 'user', parts: [image] })).toBe(4 + 360);
    expect(tokensOf({ role: 'tool', parts: [shown] })).toBe(4 + 4 + 1 + 360);
    const parts = [{ type: 'image' as const, attachment }];
    const stored = { ...modelRequest({ messages: [] }), messages: [{ parts }] };
    expect(estimateRequestTokens({ ...stored, counted: new Map([['s', 360]]) })).toBe(4 + 360);
  });

  it('counts images of unknown size equally, and files by size and kind', () => {
    const tokensOf = (type: 'image' | 'file', mediaType: string) => {
      const part = { type, attachment: { ...attachment, mediaType }, bytes };
      return estimateRequestTokens(modelRequest({ messages: [{ role: 'user', parts: [part] }] }));
    };
    expect(tokensOf('image', 'image/png')).toBe(4 + 1500);
    expect(tokensOf('file', 'text/plain')).toBe(4 + 40 + 100);
    expect(tokensOf('file', 'application/pdf')).toBe(4 + 40 + 20);
    expect(tokensOf('file', 'application/json')).toBe(4 + 40 + 100);
    expect(tokensOf('file', 'image/svg+xml')).toBe(4 + 40 + 100);
    expect(tokensOf('file', 'application/zip')).toBe(4 + 40 + 20);
  });

  it('counts a PDF by its pages, however large they are', () => {
    const pdf = { ...attachment, mediaType: 'application/pdf', byteLength: 3_000_000 };
    const bytes = Buffer.from('%PDF-1.4 /Type /Page >> /Type/Page');
    const parts = [{ type: 'file' as const, attachment: pdf, bytes }];
    const request = modelRequest({ messages: [{ role: 'user', parts }] });
    expect(estimateRequestTokens(request)).toBe(4 + 40 + 2 * 3000);
    const stored = {
      ...request,
      messages: [{ parts: [{ type: 'file' as const, attachment: pdf }] }],
    };
    expect(estimateRequestTokens(stored)).toBe(4 + 40 + 150_000);
    const counted = new Map([['s', 3000]]);
    expect(estimateRequestTokens({ ...stored, counted })).toBe(4 + 40 + 3000);
  });

  it('counts the images of a result', () => {
    const result = { type: 'tool-result', id: '1', name: 'shot', output: 'the', isError: false };
    const images = [{ type: 'image', attachment, bytes }];
    const parts = [{ ...result, images } as LoadedToolResult];
    const request = modelRequest({ messages: [{ role: 'tool', parts }] });
    expect(estimateRequestTokens(request)).toBe(4 + 4 + 1 + 1500);
  });

  it('counts more around a call for models that write tags than for those that write JSON', () => {
    const callBy = (model: string) => estimateUsage(modelRequest({ model }), [CALL]).outputTokens;
    expect(callBy('gpt-5.4')).toBeGreaterThan(11);
    expect(callBy('anthropic/claude-opus-5')).toBe(callBy('gpt-5.4') + 17);
    expect(callBy('deepseek-reasoner')).toBe(callBy('claude-haiku-4-5'));
  });

  it('counts arguments that are not JSON as text', () => {
    const invalidInput = '{"city": '.repeat(50);
    const broken = estimateUsage(modelRequest(), [{ ...CALL, invalidInput }]);
    const whole = estimateUsage(modelRequest(), [CALL]);
    expect(broken.outputTokens).toBeGreaterThan(whole.outputTokens + 100);
  });

  it('estimates only the output if the rest was counted', () => {
    const counted = {
      ...{ inputTokens: 100, cacheReadTokens: 90, cacheWriteTokens: 5 },
      ...{ outputTokens: 2, reasoningTokens: 0, estimated: false },
    };
    const answer = [{ type: 'text' as const, text: 'the cat the cat' }];
    const estimated = { ...counted, outputTokens: 4, estimated: true };
    expect(estimateUsage(modelRequest(), answer, counted)).toEqual(estimated);
    const more = { ...counted, outputTokens: 60, reasoningTokens: 50 };
    expect(estimateUsage(modelRequest(), answer, more)).toEqual({ ...more, estimated: true });
  });

  it('marks the estimate, and reports the share of reasoning', () => {
    const usage = estimateUsage(modelRequest(), [
      { type: 'reasoning', text: 'the cat' },
      { type: 'text', text: 'the' },
    ]);
    expect(usage).toMatchObject({ outputTokens: 3, reasoningTokens: 2, estimated: true });
  });
});
