import { describe, expect, it } from '@jest/globals';
import type { NewAttachment } from '@synapse/core';
import fc from 'fast-check';
import { capOutput } from './cap-output.ts';

const NOTE_BYTES = 100;

describe('capOutput', () => {
  it('gives well-formed text of bounded size, and keeps the whole of what it has cut', async () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'é', '東', '😀', '\ud83d', '\n'),
      maxLength: 400,
    });
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 300 }), async (given, maxOutputBytes) => {
        const kept: NewAttachment[] = [];
        const keep = async (attachment: NewAttachment) => {
          kept.push(attachment);
          return { sha256: 'x', mediaType: 'text/plain', name: null, byteLength: 0 };
        };
        const { output } = await capOutput({ text: given }, { maxOutputBytes, keep });
        const bytes = Buffer.from(given.toWellFormed());
        expect(output.isWellFormed()).toBe(true);
        expect(output).not.toContain('\ufffd'.repeat(given.isWellFormed() ? 1 : 401));
        expect(Buffer.byteLength(output)).toBeLessThanOrEqual(maxOutputBytes + NOTE_BYTES);
        if (bytes.length <= maxOutputBytes) expect([output, kept]).toEqual([bytes.toString(), []]);
        else expect(kept.map((one) => Buffer.from(one.bytes))).toEqual([bytes]);
      }),
    );
  });
});
