import { describe, expect, it } from '@jest/globals';
import { findPrice } from './find-price.ts';

describe('findPrice', () => {
  it('knows a model and its dated variants', () => {
    const price = {
      inputPerMillion: 1,
      outputPerMillion: 5,
      cacheReadPerMillion: 0.1,
      cacheWritePerMillion: 1.25,
    };
    expect(findPrice('anthropic', 'claude-haiku-4-5', 1)).toEqual(price);
    expect(findPrice('anthropic', 'claude-haiku-4-5-20251001', 1)).toEqual(price);
    expect(findPrice('openai', 'gpt-4o-2024-08-06', 1)?.inputPerMillion).toBe(2.5);
  });

  it('prefers the row of a dated model to that of the model', () => {
    expect(findPrice('openai', 'gpt-4o-2024-05-13', 1)).toMatchObject({
      inputPerMillion: 5,
      outputPerMillion: 15,
    });
  });

  it('charges an Azure deployment the price of the model that answers', () => {
    expect(findPrice('azure', 'gpt-5-2025-08-07', 1)).toEqual(findPrice('openai', 'gpt-5', 1));
    expect(findPrice('azure', 'my-deployment', 1)).toBeNull();
  });

  it.each([
    ['openai', 'gpt-5-pro'],
    ['openai', 'gpt-4o-audio-preview'],
    ['anthropic', 'claude-opus-4-9'],
    ['anthropic', 'gpt-5'],
    ['openrouter', 'gpt-5'],
    ['openrouter', 'openai/gpt-5'],
    ['anthropic', ''],
  ])('does not guess the price of %s %s from a name like it', (provider, model) => {
    expect(findPrice(provider, model, 1)).toBeNull();
  });

  it('charges long requests as the provider does', () => {
    expect(findPrice('openai', 'gpt-6-sol', 272_000)?.inputPerMillion).toBe(2);
    expect(findPrice('openai', 'gpt-6-sol', 272_001)).toEqual({
      inputPerMillion: 4,
      outputPerMillion: 15,
      cacheReadPerMillion: 0.4,
      cacheWritePerMillion: 5,
    });
    expect(findPrice('anthropic', 'claude-haiku-5-5', 100_001)?.outputPerMillion).toBe(2.5);
  });

  it('charges nothing for local models', () => {
    expect(findPrice('ollama', 'qwen3', 1)?.inputPerMillion).toBe(0);
  });

  it('prefers the settings to the list, and the table of the provider to that of the model', () => {
    const overrides = {
      'gpt-5': { input: 1, output: 2 },
      'openai/gpt-5': { input: 3, output: 4, cache_read: 0.5 },
      'my-model': { input: 7 },
      o3: { output: 9 },
    };
    expect(findPrice('openai', 'gpt-5-2025-08-07', 1, overrides)).toEqual({
      inputPerMillion: 3,
      outputPerMillion: 4,
      cacheReadPerMillion: 0.5,
      cacheWritePerMillion: 3,
    });
    expect(findPrice('other', 'gpt-5', 1, overrides)?.inputPerMillion).toBe(1);
    expect(findPrice('other', 'my-model', 1, overrides)).toBeNull();
    expect(findPrice('openai', 'o3', 1, overrides)).toEqual({
      inputPerMillion: 2,
      outputPerMillion: 9,
      cacheReadPerMillion: 0.5,
      cacheWritePerMillion: 2,
    });
    expect(findPrice('other', 'toString', 1, overrides)).toBeNull();
  });
});
