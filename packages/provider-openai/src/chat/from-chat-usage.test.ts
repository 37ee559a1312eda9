import { describe, expect, it } from '@jest/globals';
import { fromChatCost, fromChatUsage } from './from-chat-usage.ts';

describe('fromChatUsage', () => {
  it.each([
    [
      'in the answer',
      { total_tokens: 171, completion_tokens_details: { reasoning_tokens: 50 } },
      151,
      50,
    ],
    [
      'beside it',
      { total_tokens: 221, completion_tokens_details: { reasoning_tokens: 50 } },
      201,
      50,
    ],
    ['only in the total, as Gemini does', { total_tokens: 553 }, 533, 382],
    ['nowhere', {}, 151, 0],
    ['nowhere, with a total too small', { total_tokens: 3 }, 151, 0],
  ])('counts reasoning that a server counts %s', (_name, more, outputTokens, reasoningTokens) => {
    const usage = { prompt_tokens: 20, completion_tokens: 151, ...more };
    expect(fromChatUsage(usage)).toMatchObject({ inputTokens: 20, outputTokens, reasoningTokens });
  });
});

describe('fromChatCost', () => {
  it.each([
    [{ cost: 0.0123456789 }, 12_345_679],
    [{ cost: 0 }, 0],
    [{ cost: 0.01, cost_details: { upstream_inference_cost: 0.2 } }, 10_000_000],
    [{ cost: 0.01, is_byok: true, cost_details: { upstream_inference_cost: 0.2 } }, 210_000_000],
    [{ cost: 0.01, is_byok: true, cost_details: null }, 10_000_000],
    [{}, undefined],
    [{ cost: '0.01' }, undefined],
    [{ cost: -1 }, undefined],
    [{ cost: 1e300 }, undefined],
  ])('reads %j as %p nano-dollars', (usage, nanoUsd) => {
    expect(fromChatCost(usage)).toBe(nanoUsd);
  });
});
