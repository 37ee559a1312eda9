import { describe, expect, it } from '@jest/globals';
import { budgetOf, limitsOf } from './context-budget.ts';
import { defaultContextSettings } from './context-settings.ts';

const limits = { contextTokens: 200_000, maxOutputTokens: 8_000 };

describe('budgetOf', () => {
  it('leaves room for the answer, at most a quarter of the window', () => {
    expect(budgetOf(defaultContextSettings, limits).tokens).toBe(192_000);
    const greedy = { ...limits, maxOutputTokens: 128_000 };
    expect(budgetOf(defaultContextSettings, greedy).tokens).toBe(150_000);
    const unsaid = { ...limits, maxOutputTokens: null };
    expect(budgetOf(defaultContextSettings, unsaid).tokens).toBe(150_000);
  });

  it('is the configured maximum if that is smaller, or if the window is unknown', () => {
    const settings = { ...defaultContextSettings, maxTokens: 10_000, maxMessages: 7 };
    expect(budgetOf(settings, limits)).toEqual({ tokens: 10_000, messages: 7 });
    const unknown = { contextTokens: null, maxOutputTokens: null };
    expect(budgetOf(settings, unknown).tokens).toBe(10_000);
    expect(budgetOf({ ...settings, maxTokens: 900_000 }, unknown).tokens).toBe(900_000);
    expect(budgetOf({ ...settings, maxTokens: 900_000 }, limits).tokens).toBe(192_000);
    expect(budgetOf(defaultContextSettings, unknown)).toEqual({ tokens: 128_000, messages: null });
  });

  it('assumes no window for a model on a local server', () => {
    const local = { contextTokens: null, maxOutputTokens: null, isLocal: true, readsImages: null };
    expect(budgetOf(defaultContextSettings, local).tokens).toBeNull();
    expect(budgetOf({ ...defaultContextSettings, maxTokens: 9000 }, local).tokens).toBe(9000);
    expect(budgetOf(defaultContextSettings, { ...local, contextTokens: 4096 }).tokens).toBe(3072);
    expect(limitsOf({ provider: 'ollama', model: 'gpt-5' }, {})).toEqual(local);
    const own = { 'ollama/gpt-5': { context: 8192 } };
    expect(limitsOf({ provider: 'ollama', model: 'gpt-5' }, own).contextTokens).toBe(8192);
  });

  it('is unlimited with the strategy "full"', () => {
    const settings = { ...defaultContextSettings, strategy: 'full' as const, maxTokens: 10 };
    expect(budgetOf(settings, limits)).toEqual({ tokens: null, messages: null });
  });
});

describe('limitsOf', () => {
  it('uses the table of models, and the settings before it', () => {
    const haiku = { provider: 'anthropic', model: 'claude-haiku-4-5' };
    expect(limitsOf(haiku, {})).toMatchObject({ contextTokens: 200_000, maxOutputTokens: 64_000 });
    expect(limitsOf(haiku, {}, 1_000).maxOutputTokens).toBe(1_000);
    const own = { provider: 'own', model: 'wise' };
    expect(limitsOf(own, { wise: { context: 9_000 } }).contextTokens).toBe(9_000);
    expect(limitsOf(own, {})).toMatchObject({ contextTokens: null, maxOutputTokens: null });
  });
});
