import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findPlaces, loadSettings } from '@synapse/config';
import { limitsFor } from './limits-for.ts';
import { writeModelCache } from './model-cache.ts';

describe('limitsFor', () => {
  let cacheFolder: string;
  beforeEach(() => {
    cacheFolder = mkdtempSync(join(tmpdir(), 'synapse-limits-'));
    const facts = { name: null, price: null, abilities: [] };
    writeModelCache(cacheFolder, 'work', {
      baseUrl: 'https://work.example/v1',
      fetchedAt: '2020-01-01T00:00:00.000Z',
      models: [
        { id: 'large-1', contextTokens: 32_000, maxOutputTokens: 4000, ...facts },
        { id: 'gpt-5', contextTokens: 1, maxOutputTokens: 1, ...facts },
      ],
    });
  });
  afterEach(() => rmSync(cacheFolder, { recursive: true }));

  const limitsOf = async (setup: Partial<Parameters<typeof limitsFor>[1]>) => {
    const { settings } = await loadSettings({ environment: {} });
    const app = { settings, places: { ...findPlaces({}), cacheFolder } };
    const usual = { name: 'work', baseUrl: 'https://work.example/v1', maxOutputTokens: null };
    return limitsFor(app, { ...usual, model: 'large-1', ...setup });
  };

  it('uses the limits in the provider’s list for a model that Synapse does not know', async () => {
    expect(await limitsOf({})).toMatchObject({ contextTokens: 32_000, maxOutputTokens: 4000 });
    expect(await limitsOf({ maxOutputTokens: 9 })).toMatchObject({ maxOutputTokens: 9 });
  });

  it('prefers the table and the local server, and uses no limits of another address', async () => {
    expect(await limitsOf({ model: 'gpt-5' })).toMatchObject({ contextTokens: 400_000 });
    expect(await limitsOf({ contextTokens: 8192 })).toMatchObject({ contextTokens: 8192 });
    const elsewhere = await limitsOf({ baseUrl: 'https://elsewhere.example/v1' });
    expect(elsewhere).toMatchObject({ contextTokens: null, maxOutputTokens: null });
  });
});
