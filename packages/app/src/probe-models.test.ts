import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { probeModels } from './probe-models.ts';

describe('probeModels', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  async function serve(answer: RequestListener): Promise<string> {
    const opened = createServer(answer);
    server = opened;
    await new Promise<void>((resolve) => opened.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(opened.address() as AddressInfo).port}/v1/`;
  }

  it('returns the models of a server that answers', async () => {
    const url = await serve((request, response) => {
      response.end(JSON.stringify({ data: [{ id: request.url }, { name: 'without' }, null] }));
    });
    expect(await probeModels(url)).toEqual(['/v1/models']);
  });

  const answers: Record<string, RequestListener> = {
    'says nothing': () => undefined,
    'begins and says no more': (_request, response) => void response.write('{"data":'),
    refuses: (_request, response) => void response.writeHead(401).end('{"data":[]}'),
    'hangs up': (request) => void request.socket.destroy(),
    'is something else': (_request, response) => void response.end('<html>'),
    'has no list': (_request, response) => void response.end('{"data":{}}'),
  };
  it.each(Object.entries(answers))('gives nothing where one %s', async (_name, answer) => {
    expect(await probeModels(await serve(answer))).toBeUndefined();
  });

  it('skips servers that do not run, and any address with credentials or a query', async () => {
    expect(await probeModels('https://127.0.0.1:1/v1')).toBeUndefined();
    expect(await probeModels('http://127.0.0.1:1/v1')).toBeUndefined();
  });
});
