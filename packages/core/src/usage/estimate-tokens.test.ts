import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyText } from '@synapse/test/support/arbitraries/texts';
import { modelRequest } from '@synapse/test/support/model-request';
import { estimateRequestTokens, estimateUsage } from './estimate-usage.ts';
import { estimateTokens } from './estimate-tokens.ts';
import { TokenCorrection } from './token-correction.ts';

describe('estimateTokens', () => {
  it('weighs characters by their class', () => {
    expect(estimateTokens('')).toBe(0);
    expect(estimateTokens('abcd')).toBe(1);
    expect(estimateTokens('12{}')).toBe(2);
    expect(estimateTokens('你好世界')).toBe(4);
    expect(estimateTokens('привіт')).toBe(3);
  });

  it('is about right for prose', () => {
    const prose = 'The quick brown fox jumps over the lazy dog and runs into the dark forest. ';
    // 16 words and a full stop are 17 tokens in the common tokenizers.
    expect(estimateTokens(prose)).toBeGreaterThan(14);
    expect(estimateTokens(prose)).toBeLessThan(22);
  });

  it('grows with the text, and in linear time', () => {
    fc.assert(
      fc.property(anyText, anyText, (a, b) => {
        expect(estimateTokens(a + b)).toBeGreaterThanOrEqual(estimateTokens(a));
        expect(estimateTokens(a + b)).toBeLessThanOrEqual(estimateTokens(a) + estimateTokens(b));
      }),
      { numRuns: 100 },
    );
    const startedMs = performance.now();
    expect(estimateTokens('a'.repeat(4_000_000))).toBe(1_000_000);
    expect(performance.now() - startedMs).toBeLessThan(1000);
  });
});

describe('estimateUsage', () => {
  it('counts what is sent and what came, and says that it is a guess', () => {
    const attachment = { sha256: 's', mediaType: 'image/png', name: null, byteLength: 400 };
    const bytes = new Uint8Array(400);
    const request = modelRequest({
      systemPrompt: 'abcd',
      messages: [
        {
          role: 'user',
          parts: [
            { type: 'text', text: 'abcdabcd' },
            { type: 'image', attachment, bytes },
            { type: 'file', attachment, bytes },
          ],
        },
      ],
    });
    expect(estimateRequestTokens(request)).toBe(1 + 2 + 1500 + 100);
    const tools = [{ name: 'read', description: 'abcd', inputSchema: { type: 'object' } }];
    expect(estimateRequestTokens({ ...request, tools })).toBeGreaterThan(1610);
    const usage = estimateUsage(request, [
      { type: 'reasoning', text: 'abcd' },
      { type: 'text', text: 'abcd' },
    ]);
    expect(usage).toMatchObject({ outputTokens: 2, reasoningTokens: 1, estimated: true });
  });
});

describe('TokenCorrection', () => {
  it('learns for each model how far estimates are off, slowly and within bounds', () => {
    const correction = new TokenCorrection();
    expect(correction.apply('acme', 'wise', 100)).toBe(100);
    correction.learn('acme', 'wise', 100, 130);
    expect(correction.apply('acme', 'wise', 100)).toBe(130);
    expect(correction.apply('acme', 'other', 100)).toBe(100);
    correction.learn('acme', 'wise', 100, 230);
    expect(correction.apply('acme', 'wise', 100)).toBe(160);
    correction.learn('acme', 'odd', 1, 1_000_000);
    expect(correction.apply('acme', 'odd', 100)).toBe(400);
  });

  it('learns nothing from figures that are none', () => {
    const correction = new TokenCorrection();
    for (const [estimated, reported] of [
      [0, 5],
      [5, 0],
      [NaN, 5],
      [5, NaN],
      [-1, 5],
    ] as const) {
      correction.learn('acme', 'wise', estimated, reported);
    }
    expect(correction.apply('acme', 'wise', 100)).toBe(100);
  });
});
