import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadSettings } from '@synapse/config';
import type { ModelAbility } from '@synapse/core';
import type { App } from '../wiring.ts';
import { listModels, type ListedModel } from './list-models.ts';
import { writeModelCache } from './model-cache.ts';

describe('listModels', () => {
  let cacheFolder: string;
  beforeEach(() => {
    cacheFolder = mkdtempSync(join(tmpdir(), 'synapse-models-'));
  });
  afterEach(() => rmSync(cacheFolder, { recursive: true }));

  async function list(models: App['settings']['models']): Promise<ListedModel[]> {
    const { settings } = await loadSettings({ environment: {} });
    const now = new Date('2026-11-29T12:00:00Z');
    const baseUrl = 'https://api.openai.com/v1';
    const listed = { name: null, price: null, contextTokens: 1000, maxOutputTokens: 10 };
    writeModelCache(cacheFolder, 'openai', {
      ...{ baseUrl, fetchedAt: now.toISOString() },
      models: ['gpt-5', 'large-1'].map((id) => ({ id, ...listed, abilities: ['images'] })),
    });
    const app = {
      settings: { ...settings, models },
      places: { cacheFolder },
      clock: { now: () => now },
      providerSources: { providers: {}, aliases: {}, environment: {} },
    } as unknown as App;
    return listModels(app, 'openai', {
      isRefresh: false,
      signal: new AbortController().signal,
    });
  }

  it('completes the list of the provider with the table of models', async () => {
    const all: ModelAbility[] = ['images', 'tools', 'files', 'reasoning', 'structured-output'];
    expect(await list({})).toMatchObject([
      { contextTokens: 400_000, maxOutputTokens: 128_000, abilities: all },
      { contextTokens: 1000, maxOutputTokens: 10, price: null, abilities: ['images'] },
    ]);
  });

  it('lets the settings override both', async () => {
    const own = { context: 9000, max_output: 900, input: 1, output: 2, images: false, tools: true };
    expect(await list({ 'gpt-5': { pdf: false }, 'openai/large-1': own })).toMatchObject([
      { abilities: ['images', 'tools', 'reasoning', 'structured-output'] },
      {
        ...{ contextTokens: 9000, maxOutputTokens: 900, abilities: ['tools'] },
        price: { inputPerMillion: 1, outputPerMillion: 2 },
      },
    ]);
  });
});
