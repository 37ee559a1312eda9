import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { askWindow } from './ask-window.ts';

describe('askWindow', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  /** The window of a model at a server that knows these paths, and leaves a null without a response. */
  async function windowAt(name: string, answers: Record<string, unknown>, timeoutMs = 60_000) {
    const opened = createServer((request, response) => {
      const answer = answers[request.url ?? ''];
      if (answer === null) return;
      if (typeof answer === 'string') response.end(answer);
      else response.writeHead(answer === undefined ? 404 : 200).end(JSON.stringify(answer));
    });
    server = opened;
    await new Promise<void>((resolve) => opened.listen(0, '127.0.0.1', resolve));
    const baseUrl = `http://127.0.0.1:${(opened.address() as AddressInfo).port}/v1`;
    return askWindow({ name, baseUrl, model: 'qwen3' }, timeoutMs);
  }
  const ps = { models: [{ name: 'other' }, { name: 'qwen3', context_length: 4096 }] };

  it.each([
    ['ollama', { '/api/show': { parameters: 'stop "x"\nnum_ctx    8192' }, '/api/ps': ps }, 8192],
    [
      'ollama',
      { '/api/show': { model_info: { 'q.context_length': 40_960 } }, '/api/ps': ps },
      4096,
    ],
    ['llamacpp', { '/props': { default_generation_settings: { n_ctx: 2048 } } }, 2048],
    ['lmstudio', { '/api/v0/models/qwen3': { loaded_context_length: 16_384 } }, 16_384],
    ['vllm', { '/v1/models': { data: [{ id: 'qwen3', max_model_len: 32_768 }] } }, 32_768],
  ])('uses the window that a %s server reports', async (name, answers, tokens) => {
    expect(await windowAt(name, answers)).toBe(tokens);
  });

  it.each([
    ['ollama', {}],
    ['ollama', { '/api/show': {}, '/api/ps': { models: [] } }],
    ['ollama', { '/api/show': '<html>' }],
    ['llamacpp', { '/props': { default_generation_settings: { n_ctx: -1 } } }],
    ['vllm', { '/v1/models': { data: null } }],
    ['work', { '/v1/models': { data: [{ id: 'qwen3', max_model_len: 32_768 }] } }],
  ])('returns null if a %s server reports no window', async (name, answers) => {
    expect(await windowAt(name, answers)).toBeNull();
  });

  it('gives up on a server that does not respond', async () => {
    expect(await windowAt('llamacpp', { '/props': null }, 1)).toBeNull();
  });

  it('returns null where no server listens, or none is configured', async () => {
    const model = 'qwen3';
    expect(await askWindow({ name: 'ollama', baseUrl: 'http://127.0.0.1:1/v1', model })).toBeNull();
    expect(await askWindow({ name: 'ollama', baseUrl: null, model })).toBeNull();
  });
});
