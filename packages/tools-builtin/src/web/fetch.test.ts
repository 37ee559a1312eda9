import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createFetchTool } from './fetch.ts';

describe('the fetch tool', () => {
  const sockets = new Set<Socket>();
  let server: Server | undefined;

  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server?.close(resolve));
  });

  /** Asks a server that answers each request by `answer`, whether that is HTTP or not. */
  async function fetchFrom(answer: (socket: Socket) => void, timeoutMs: number) {
    server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('data', () => answer(socket));
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const tool = createFetchTool({
      resolve: async () => [{ address: '127.0.0.1', family: 4 }],
      allowedPrivateHosts: [host],
      timeoutMs,
    });
    return tool.run({ url: `http://${host}/` }, new AbortController().signal);
  }

  it('ends by its limit although garbage is collected meanwhile', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const collecting = setInterval(collectGarbage, 10);
    // Ends the request where the limit doesn't, with another error.
    const outerBound = setTimeout(() => sockets.forEach((socket) => socket.destroy()), 20_000);
    try {
      await expect(fetchFrom(() => undefined, 200)).rejects.toThrow(
        'did not answer within 0.2 seconds',
      );
    } finally {
      clearInterval(collecting);
      clearTimeout(outerBound);
    }
  });
});
