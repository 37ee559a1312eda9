import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadSettings } from '@synapse/config';
import { openModel } from './open-model.ts';

describe('openModel', () => {
  let server: Server;
  let asked: (string | undefined)[];
  beforeEach(async () => {
    asked = [];
    server = createServer((request, response) => {
      asked.push(request.url);
      response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('does not query the context window of fallback models, because no request uses it', async () => {
    const { port } = server.address() as AddressInfo;
    const environment = { OLLAMA_BASE_URL: `http://127.0.0.1:${port}/v1` };
    const { settings } = await loadSettings({ environment });
    const { setup } = await openModel(
      { provider: null, model: 'openai/gpt-5' },
      { ...settings, fallback: ['ollama/qwen3'] },
      {
        ...{ providers: settings.providers, aliases: {}, environment },
        findStoredKey: async () => 'a-key',
        probe: async () => undefined,
      },
    );
    expect(setup.model).toBe('gpt-5');
    expect(asked).toEqual([]);
  });
});
