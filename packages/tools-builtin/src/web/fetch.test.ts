import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createFetchTool } from './fetch.ts';

/** As fast as the reader takes it. */
function writeForEver(socket: Socket, data: string): void {
  const fill = (): void => {
    while (!socket.destroyed && socket.write(data));
  };
  socket.on('drain', fill);
  fill();
}

describe('the fetch tool', () => {
  const sockets = new Set<Socket>();
  let server: Server | undefined;

  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    const opened = server;
    server = undefined;
    if (opened) await new Promise((resolve) => opened.close(resolve));
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

  it('leaves no timer behind when it refuses an address', async () => {
    const timers = (): number =>
      process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    const tool = createFetchTool({ resolve: async () => [{ address: '127.0.0.1', family: 4 }] });
    const refused = tool.run({ url: 'http://local.example/' }, new AbortController().signal);
    await expect(refused).rejects.toThrow('leads to this computer');
    expect(timers()).toBe(before);
  });

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

  it('reports a server that switches to another protocol', async () => {
    const answer = (socket: Socket) =>
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nUpgrade: other\r\nConnection: Upgrade\r\n\r\n',
      );
    await expect(fetchFrom(answer, 60_000)).rejects.toThrow('switched to another protocol');
  });

  it('ends a head that has no end', async () => {
    const answer = (socket: Socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      writeForEver(socket, `X-More: ${'x'.repeat(1000)}\r\n`);
    };
    await expect(fetchFrom(answer, 60_000)).rejects.toThrow('HPE_HEADER_OVERFLOW');
  });

  it('cuts a chunked body that has no end', async () => {
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const answer = (socket: Socket) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
      writeForEver(socket, chunk);
    };
    const { text } = await fetchFrom(answer, 60_000);
    expect(text).toMatch(/\[The response has more than 5242880 bytes\.\]$/);
  });

  it('ends informational answers without end by its limit', async () => {
    const answer = (socket: Socket) => writeForEver(socket, 'HTTP/1.1 103 Early Hints\r\n\r\n');
    await expect(fetchFrom(answer, 200)).rejects.toThrow('did not answer within 0.2 seconds');
  });

  it.each([
    ['an informational answer', 'HTTP/1.1 103 Early Hints\r\n\r\n'],
    ['one slow header', 'HTTP/1.1 200 OK\r\nX-Slow: '],
    ['one slow body', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n'],
  ])('ends %s by its limit', async (_what, head) => {
    await expect(fetchFrom((socket) => socket.write(head), 200)).rejects.toThrow(
      'did not answer within 0.2 seconds',
    );
  });
});
