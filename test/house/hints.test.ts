import { describe, expect, it } from '@jest/globals';
import { LimitReachedError, StorageError } from '@synapse/core';
import { resolveProvider, type ProviderSources } from '@synapse/core/models';
import { DamagedDataError } from '@synapse/core/store-kit';
import { fromErrorBody } from '@synapse/provider-http';
import { describeError } from '../../packages/cli/src/output/report-error.ts';

const sources: ProviderSources = {
  providers: {},
  aliases: { mine: 'anthropic/claude-opus-5' },
  environment: {},
  findStoredKey: async () => undefined,
  probe: async () => undefined,
};

async function hintFrom(work: () => unknown): Promise<string | undefined> {
  try {
    await work();
  } catch (error) {
    return describeError(error).hint;
  }
  throw new Error('Nothing was refused.');
}

describe('the hint of a failure', () => {
  it.each([
    ['gemini', null, 'Set GEMINI_API_KEY or GOOGLE_API_KEY, or run: synapse keys set gemini'],
    ['openai', 'mine', 'Leave out --provider openai, or name a model of openai.'],
    ['ollama', null, 'Give --model, or set model under [providers.ollama].'],
  ])('names the command for provider %s and model %s', async (provider, model, hint) => {
    expect(await hintFrom(() => resolveProvider({ provider, model }, sources))).toBe(hint);
  });

  it('shows how to look around where no provider is found', async () => {
    const hint = await hintFrom(() => resolveProvider({ provider: null, model: null }, sources));
    expect(hint?.split('\n').at(-1)).toBe('To try Synapse without either: synapse --provider demo');
  });

  it.each([
    [
      404,
      'synapse providers list shows its base URL; synapse models --provider double lists its models.',
    ],
    [
      401,
      'synapse keys list shows the source of its key; synapse keys set double stores another. The key needs permission for the model.',
    ],
    [
      403,
      'Allow the key to use this model in the account of the provider, or use another model or key: synapse keys set double',
    ],
    [413, 'Attach fewer or smaller files; synapse context compact <session> shortens a session.'],
    [429, 'Try again later, or use another model: --model, or "fallback" in the settings.'],
  ])('names the commands for the provider that answered %s', (status, hint) => {
    const context = { provider: 'double', secrets: [] };
    expect(describeError(fromErrorBody({ body: '', status }, context)).hint).toBe(hint);
  });

  it('keeps how long a provider asks to wait', () => {
    const context = { provider: 'double', secrets: [] };
    const error = fromErrorBody({ body: '', status: 429, retryAfterMs: 300_000 }, context);
    expect(describeError(error).hint).toBe(
      'The provider asks to wait 5 min. Try again later, or use another model: --model, or "fallback" in the settings.',
    );
  });

  it('names the commands for damage', () => {
    expect(describeError(new DamagedDataError('A message', 's', 1)).hint).toBe(
      'synapse db check lists all damage; synapse db restore restores a backup.\nsynapse sessions export --skip-damaged saves all undamaged sessions.',
    );
  });

  it('names the flag for a place where the database is now', () => {
    const action = { name: 'open-database', place: '/a b/s.db', text: 'or use it there.' } as const;
    const hint = 'Move it back, ';
    const error = new StorageError('Moved.', { reason: 'unavailable', hint, action });
    expect(error.hint).toBe('Move it back, or use it there.');
    expect(describeError(error).hint).toBe('Move it back, or use it there: --database "/a b/s.db"');
  });

  it('is that of the error where it names no action', () => {
    expect(describeError(new LimitReachedError('Over.', { hint: 'Ask less.' })).hint).toBe(
      'Ask less.',
    );
  });
});
