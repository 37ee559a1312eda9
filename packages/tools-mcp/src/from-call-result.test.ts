import { describe, expect, it } from '@jest/globals';
import type { JsonValue } from '@synapse/core';
import fc from 'fast-check';
import { fromCallResult, type StoreAttachment } from './from-call-result.ts';

const keep: StoreAttachment = async (bytes, mediaType, name) => {
  return { sha256: 'hash', mediaType, name, byteLength: bytes.byteLength };
};
const convert = (result: Record<string, JsonValue>, maxOutputLength = 1000, keeper = keep) =>
  fromCallResult(result, { keep: keeper, maxOutputLength });

describe('fromCallResult', () => {
  it('makes something of any result', async () => {
    const type = fc.constantFrom('text', 'image', 'audio', 'resource', 'resource_link', 'x');
    const key = fc.constantFrom('text', 'data', 'mimeType', 'resource', 'uri', 'name', 'blob');
    const item = fc
      .tuple(type, fc.dictionary(key, fc.jsonValue({ maxDepth: 2 })))
      .map(([type, rest]) => ({ ...rest, type }));
    const content = fc.oneof(fc.jsonValue(), fc.array(item));
    await fc.assert(
      fc.asyncProperty(content, fc.jsonValue(), async (content, isError) => {
        const result = { content, isError } as Record<string, JsonValue>;
        const { output, ...rest } = await convert(result);
        expect(output.isWellFormed()).toBe(true);
        expect(rest.isError).toBe(isError === true);
      }),
      { numRuns: 200 },
    );
  });

  it('says what could not be kept', async () => {
    const failing: StoreAttachment = () => Promise.reject(new Error('the disk is full'));
    const data = Buffer.from('PNG').toString('base64');
    const image = { type: 'image', data, mimeType: 'image/png' };
    expect(await convert({ content: [image] }, 1000, failing)).toEqual({
      output: '[image image/png, 3 bytes, could not be kept]',
      isError: false,
      attachments: [],
    });
    const text = { type: 'text', text: 'x'.repeat(2000) };
    const { output } = await convert({ content: [text] }, 1000, failing);
    expect(output).toMatch(
      /^x{1000}\n\[cut at 1000 of 2000 characters; the rest could not be kept\]$/,
    );
  });

  it('leaves out items beyond a number, and says how many', async () => {
    const content = Array.from({ length: 5000 }, () => ({ type: 'text', text: 'a' }));
    const { output } = await convert({ content });
    expect(output).toMatch(/\n\[4800 more items were left out\]$/);
  });

  it('adds structured content to a text that says something else', async () => {
    const structuredContent = { rows: [1, 2] };
    const text = { type: 'text', text: 'Found 2 rows.' };
    const shown = JSON.stringify(structuredContent, null, 2);
    const { output } = await convert({ content: [text], structuredContent });
    expect(output).toBe(`Found 2 rows.\n${shown}`);
    expect((await convert({ content: [], structuredContent })).output).toBe(shown);
  });

  it.each<[string, JsonValue, string]>([
    ['the same value', { a: 1, b: [2] }, '{ "b": [2], "a": 1 }'],
    ['the value that it holds', { result: [1] }, '[1]'],
    ['the text that it holds', { content: 'as text' }, 'as text'],
  ])('leaves out structured content where a text is %s', async (_case, structuredContent, text) => {
    const content = [{ type: 'text', text }];
    expect((await convert({ content, structuredContent })).output).toBe(text);
  });
});
