import { describe, expect, it } from '@jest/globals';
import { findFacts } from './find-model.ts';
import { NOTHING_KNOWN } from './known-model.ts';

describe('findFacts', () => {
  it.each([
    ['anthropic', 'claude-opus-4-1-20250805', 32_000],
    ['openrouter', 'anthropic/claude-opus-4.1', 32_000],
    ['openrouter', 'anthropic/claude-opus-4.1:beta', 32_000],
    ['bedrock', 'us.anthropic.claude-opus-4-1-20250805-v1:0', 32_000],
    ['vertex', 'claude-opus-4-1@20250805', 32_000],
    ['openrouter', 'openai/gpt-4.1-mini', 32_768],
    ['openai', 'gpt-4o-2024-05-13', 4096],
    ['openai', 'gpt-4o-2024-11-20', 16_384],
  ])('knows a model at %s by the name %s', (provider, model, limit) => {
    expect(findFacts(provider, model).maxOutputTokens).toBe(limit);
  });

  it.each([
    ['o1-pro', 'always', false],
    ['gpt-5.9-mini', 'adaptive', false],
    ['gpt-5.2-chat-latest', 'none', null],
    ['claude-opus-7', null, false],
    ['gpt-4.1', 'none', true],
    ['mistral-medium-latest', null, null],
  ])('knows the family of %s', (model, thinking, takesTemperature) => {
    expect(findFacts('somewhere', model)).toMatchObject({ thinking, takesTemperature });
  });

  it('has no facts about models on local servers or unknown models', () => {
    expect(findFacts('ollama', 'gpt-5')).toEqual(NOTHING_KNOWN);
    expect(findFacts('openai', 'unheard-of')).toEqual(NOTHING_KNOWN);
  });

  it('prefers the settings, field by field', () => {
    const own = {
      'gpt-5': { context: 1000, temperature: true, images: null },
      'ollama/qwen3': { context: 8192, thinking: 'on-request' as const, pdf: false },
    };
    expect(findFacts('openai', 'gpt-5-2025-08-07', own)).toEqual({
      ...findFacts('openai', 'gpt-5'),
      contextTokens: 1000,
      takesTemperature: true,
    });
    expect(findFacts('ollama', 'qwen3', own)).toEqual({
      ...NOTHING_KNOWN,
      ...{ contextTokens: 8192, thinking: 'on-request', readsPdf: false },
    });
  });
});
