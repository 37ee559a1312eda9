import { describe, expect, it } from '@jest/globals';
import { maxOutputTokens } from './max-output-tokens.ts';

describe('maxOutputTokens', () => {
  it.each([
    ['claude-3-opus-20240229', 4096],
    ['claude-3-5-haiku-latest', 8192],
    ['claude-3-7-sonnet-latest', 64_000],
    ['claude-opus-4-20250514', 32_000],
    ['claude-opus-4-1', 32_000],
    ['claude-opus-4-5', 64_000],
    ['claude-sonnet-4-5-20250929', 64_000],
    ['a-model-of-somebody-else', 8192],
  ])('gives %s %i', (model, limit) => {
    expect(maxOutputTokens(model)).toBe(limit);
  });
});
