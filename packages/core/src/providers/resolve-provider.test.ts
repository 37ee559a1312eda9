import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import type { SynapseError } from '../errors/synapse-error.ts';
import { PRESETS } from './presets.ts';
import type { ProviderSetup, ProviderSources } from './provider-setup.ts';
import { providerStatus } from './provider-status.ts';
import { resolveProvider } from './resolve-provider.ts';

const sources = (given: Partial<ProviderSources> = {}): ProviderSources => ({
  providers: {},
  aliases: {},
  environment: {},
  findStoredKey: async () => undefined,
  probe: async () => undefined,
  ...given,
});

const anthropicKey = { ANTHROPIC_API_KEY: 'sk-ant-canary' };

async function resolve(
  provider: string | null,
  model: string | null,
  given: Partial<ProviderSources> = {},
): Promise<ProviderSetup> {
  return resolveProvider({ provider, model }, sources(given));
}

async function failure(promise: Promise<unknown>): Promise<SynapseError> {
  return promise.then(
    () => {
      throw new Error('It resolved.');
    },
    (error: unknown) => error as SynapseError,
  );
}

describe('resolveProvider', () => {
  it('uses the first preset whose key is set if none is chosen', async () => {
    const environment = { GROQ_API_KEY: 'gsk', OPENAI_API_KEY: ' sk-canary\n', XAI_API_KEY: 'x' };
    const setup = await resolve(null, null, { environment });
    expect(setup).toMatchObject({
      name: 'openai',
      dialect: 'openai-responses',
      baseUrl: 'https://api.openai.com/v1',
      keySource: { source: 'environment', variable: 'OPENAI_API_KEY' },
    });
    expect(setup.apiKey?.reveal()).toBe('sk-canary');
  });

  it('skips blank keys, and Azure without an address', async () => {
    const environment = { ANTHROPIC_API_KEY: ' ', AZURE_OPENAI_API_KEY: 'k' };
    const probe = async () => ['qwen3'];
    expect((await resolve(null, null, { environment, probe })).name).toBe('ollama');
  });

  it('prefers any key in the environment to a stored one', async () => {
    const findStoredKey = async (name: string) => (name === 'anthropic' ? 'stored' : undefined);
    const environment = { MISTRAL_API_KEY: 'm' };
    expect((await resolve(null, null, { findStoredKey, environment })).name).toBe('mistral');
    const setup = await resolve(null, null, { findStoredKey });
    expect(setup).toMatchObject({ name: 'anthropic', keySource: { source: 'key-store' } });
  });

  it('accepts the alternative name of a variable', async () => {
    const setup = await resolve(null, null, { environment: { GOOGLE_API_KEY: 'g' } });
    expect(setup.name).toBe('gemini');
  });

  it('finds a local server that has a model, Ollama before LM Studio', async () => {
    const probed: string[] = [];
    const probe = async (baseUrl: string) => {
      probed.push(baseUrl);
      return baseUrl.includes('11434') ? [] : ['qwen3'];
    };
    const setup = await resolve(null, null, { probe });
    expect(setup).toMatchObject({ name: 'lmstudio', model: 'qwen3', apiKey: null, isLocal: true });
    expect(probed).toEqual(['http://127.0.0.1:11434/v1', 'http://127.0.0.1:1234/v1']);
  });

  it('lists the places it searched and what to do when nothing is found', async () => {
    const error = await failure(resolve(null, null));
    expect(error.code).toBe('SYNAPSE_CONFIG');
    for (const word of ['ANTHROPIC_API_KEY', 'GOOGLE_API_KEY', 'export', 'Ollama', 'demo']) {
      expect(error.hint).toContain(word);
    }
  });

  it.each([
    ['anthropic', null, 'anthropic', 'claude-sonnet-5-5'],
    [null, 'anthropic', 'anthropic', 'claude-sonnet-5-5'],
    [null, 'claude-opus-5', 'anthropic', 'claude-opus-5'],
    [null, 'anthropic/claude-opus-5', 'anthropic', 'claude-opus-5'],
    ['anthropic/claude-opus-5', null, 'anthropic', 'claude-opus-5'],
    ['anthropic', 'anthropic/claude-opus-5', 'anthropic', 'claude-opus-5'],
    [null, 'fast', 'anthropic', 'claude-haiku-5-5'],
    ['anthropic', 'smart', 'anthropic', 'claude-opus-5-5'],
    [null, 'anthropic/fast', 'anthropic', 'claude-haiku-5-5'],
    [null, 'mine', 'anthropic', 'claude-opus-4-8'],
    [null, 'other', 'anthropic', 'claude-opus-4-8'],
    [null, 'meta-llama/llama-4', 'anthropic', 'meta-llama/llama-4'],
    [null, 'z-ai/glm-5', 'anthropic', 'z-ai/glm-5'],
    ['openrouter', 'anthropic/claude-opus-5', 'openrouter', 'anthropic/claude-opus-5'],
    [null, 'openrouter/anthropic/claude-opus-5', 'openrouter', 'anthropic/claude-opus-5'],
    [null, 'openrouter/auto', 'openrouter', 'openrouter/auto'],
    ['demo', null, 'demo', 'demo'],
  ])('understands provider %s and model %s', async (provider, model, name, expected) => {
    const setup = await resolve(provider, model, {
      environment: { ...anthropicKey, OPENROUTER_API_KEY: 'or' },
      aliases: { mine: 'anthropic/claude-opus-4-8', other: 'mine' },
    });
    expect([setup.name, setup.model]).toEqual([name, expected]);
  });

  it('lets the settings redefine "fast"', async () => {
    const aliases = { fast: 'anthropic/claude-sonnet-5' };
    const setup = await resolve(null, 'fast', { aliases, environment: anthropicKey });
    expect(setup.model).toBe('claude-sonnet-5');
  });

  it.each([
    ['antropic', null, 'Did you mean "anthropic"?'],
    [null, 'opanai/gpt-5', 'Did you mean "openai"?'],
    ['nothing-like-it', null, 'Known providers: anthropic, openai'],
    ['openai', 'mine', 'Leave out the provider, or name a model of openai'],
  ])('rejects provider %s and model %s as a usage error', async (provider, model, hint) => {
    const aliases = { mine: 'anthropic/claude-opus-5' };
    const error = await failure(resolve(provider, model, { aliases, environment: anthropicKey }));
    expect(error.code).toBe('SYNAPSE_USAGE');
    expect(error.hint).toContain(hint);
  });

  it('rejects circular aliases', async () => {
    const error = await failure(resolve(null, 'a', { aliases: { a: 'b', b: 'a' } }));
    expect(error.code).toBe('SYNAPSE_CONFIG');
  });

  it('names the variable when the key of a chosen provider is missing', async () => {
    const error = await failure(resolve('gemini', null));
    expect(error.code).toBe('SYNAPSE_PROVIDER_AUTH');
    expect(error.hint).toBe('Set GEMINI_API_KEY or GOOGLE_API_KEY, or store a key for gemini.');
    expect(error.action).toMatchObject({ name: 'set-key', provider: 'gemini' });
  });

  const named = [
    ...['openai', 'anthropic', 'deepseek', 'openrouter', 'groq', 'mistral', 'xai', 'gemini'],
    ...['together', 'fireworks', 'cerebras'],
  ];
  it.each(named)(
    'reads the key and the address of %s from variables named after it',
    async (name) => {
      const prefix = name.toUpperCase();
      const environment = {
        [`${prefix}_API_KEY`]: 'sk-canary',
        [`${prefix}_BASE_URL`]: 'https://elsewhere.example/v9',
      };
      const setup = await resolve(name, 'wise', { environment });
      expect(setup.apiKey?.reveal()).toBe('sk-canary');
      expect(setup).toMatchObject({ name, baseUrl: 'https://elsewhere.example/v9', model: 'wise' });
    },
  );

  it.each(['ollama', 'lmstudio', 'llamacpp', 'vllm'])(
    'asks %s on this machine without a key, or at the address of its variable',
    async (name) => {
      expect((await resolve(name, 'wise')).baseUrl).toMatch(
        /^http:\/\/(127\.0\.0\.1|localhost):\d+/,
      );
      const environment = { [`${name.toUpperCase()}_BASE_URL`]: 'http://gpu.example:1234/v1' };
      const setup = await resolve(name, 'wise', { environment });
      expect(setup).toMatchObject({ baseUrl: 'http://gpu.example:1234/v1', apiKey: null });
    },
  );

  it('uses a remote server without a key', async () => {
    const environment = { OPENAI_BASE_URL: 'http://proxy.example:8080/v1/' };
    const setup = await resolve('openai', null, { environment });
    expect(setup).toMatchObject({ baseUrl: 'http://proxy.example:8080/v1', apiKey: null });
  });

  it('uses all provider settings', async () => {
    const providers = {
      anthropic: {
        base_url: 'https://gateway.example',
        api_key_env: 'GATEWAY_KEY',
        dialect: 'auto' as const,
        model: 'claude-opus-5',
        headers: { 'x-team': 'blue' },
        max_tokens: 100,
        temperature: 0.5,
        timeout: 30,
      },
    };
    const environment = { ...anthropicKey, GATEWAY_KEY: 'gateway' };
    const setup = await resolve('anthropic', null, { providers, environment });
    expect(setup).toMatchObject({
      dialect: 'anthropic',
      baseUrl: 'https://gateway.example',
      keySource: { source: 'environment', variable: 'GATEWAY_KEY' },
      model: 'claude-opus-5',
      headers: { 'x-team': 'blue' },
      maxOutputTokens: 100,
      temperature: 0.5,
      idleTimeoutMs: 30_000,
    });
    expect((await resolve('anthropic', null, { environment })).idleTimeoutMs).toBeNull();
  });

  it('finds user-defined providers, by name and by their model', async () => {
    const providers = {
      'my-server': { base_url: 'http://10.0.0.2:8000/v1', model: 'qwen3', api_key: 'mine' },
    };
    const setup = await resolve('my-server', null, { providers });
    expect(setup).toMatchObject({
      name: 'my-server',
      dialect: 'openai-chat',
      model: 'qwen3',
      keySource: { source: 'settings' },
    });
    const byModel = await resolve(null, 'qwen3', { providers, environment: anthropicKey });
    expect(byModel.name).toBe('my-server');
    expect((await resolve(null, null, { providers })).name).toBe('my-server');
    const environment = { MY_SERVER_API_KEY: 'stronger' };
    const withKey = await resolve('my-server', null, { providers, environment });
    expect(withKey.apiKey?.reveal()).toBe('stronger');
  });

  it('reports a missing address and a missing model', async () => {
    const nowhere = await failure(resolve('mine', 'x', { providers: { mine: {} } }));
    expect(nowhere.hint).toContain('[providers.mine]');
    expect((await failure(resolve('ollama', null))).action?.name).toBe('choose-model');
    const empty = await failure(resolve('ollama', null, { probe: async () => [] }));
    expect(empty.hint).toContain('no model yet');
    expect((await resolve('ollama', 'qwen3')).model).toBe('qwen3');
  });

  it('never shows a key', async () => {
    const environment = { ...anthropicKey, OPENAI_API_KEY: 'sk-canary with a\nline' };
    const setup = await resolve('anthropic', null, { environment });
    const error = await failure(resolve('openai', null, { environment }));
    const status = providerStatus(
      sources({ environment: anthropicKey, providers: { openai: { api_key: 'sk-canary' } } }),
    );
    const shown = [setup, error, status].map(
      (value) => JSON.stringify(value) + inspect(value, { depth: 9, showHidden: true }),
    );
    expect(shown.join()).not.toContain('canary');
    expect(String(setup.apiKey)).toBe('[redacted]');
    expect(JSON.stringify(setup)).toContain('[redacted]');
    expect(error.message).toBe(
      'The key in OPENAI_API_KEY contains characters that a key cannot have.',
    );
  });
});

describe('providerStatus', () => {
  it('lists presets and own providers, with where each key comes from', () => {
    const status = providerStatus(
      sources({ environment: anthropicKey, providers: { mine: { model: 'x' } } }),
    );
    expect(status.map(({ name }) => name)).toEqual([...PRESETS.map(({ name }) => name), 'mine']);
    expect(status[0]?.keySource).toEqual({ source: 'environment', variable: 'ANTHROPIC_API_KEY' });
    expect(status[1]).toMatchObject({ name: 'openai', keySource: null });
  });
});

describe('PRESETS', () => {
  it('have unique names and valid addresses', () => {
    const names = PRESETS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { baseUrl, isLocal, keyVariables } of PRESETS) {
      expect(baseUrl ?? 'https://').toMatch(isLocal ? /^http/ : /^https:/);
      expect(keyVariables.length > 0).toBe(!isLocal);
    }
  });
});
