import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** What the server does next; bytes go out exactly as they are given. */
export type Step =
  | { send: string | Uint8Array }
  /** Waits for a promise of the test, such as one that it resolves when it has seen enough. */
  | { wait: Promise<unknown> }
  /** Cuts the connection with a reset. */
  | { reset: true }
  /** Ends the connection cleanly, in the middle of the body or not. */
  | { close: true }
  /** Says nothing more until the client goes away. */
  | { hang: true };

export interface Reply {
  status?: number;
  headers?: Record<string, string | string[]>;
  /** What follows the head; the body ends well behind the last step. */
  steps?: readonly Step[];
  /** Writes the steps to the bare connection: head and framing are the test's own. */
  isRaw?: boolean;
}

export interface RecordedRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  json: () => Record<string, unknown>;
  /** The connection that it came on; kept alive, several requests share one. */
  connection: number;
  /** Resolves when the client has gone before the answer was complete. */
  abandoned: Promise<void>;
}

export interface ProviderDouble {
  url: string;
  requests: RecordedRequest[];
  /** Says what the next requests are answered with, in order; the last one answers all further. */
  script(...replies: readonly (Reply | ((request: RecordedRequest) => Reply))[]): void;
  close(): Promise<void>;
}

/** Any provider, on loopback, with a script for each request. */
export async function openProviderDouble(): Promise<ProviderDouble> {
  const requests: RecordedRequest[] = [];
  const sockets = new Set<Socket>();
  let replies: readonly (Reply | ((request: RecordedRequest) => Reply))[] = [];
  let connectionCount = 0;
  const numbers = new WeakMap<Socket, number>();

  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { socket } = incoming;
      const body = Buffer.concat(chunks).toString('utf8');
      const request: RecordedRequest = {
        method: incoming.method ?? '',
        path: incoming.url ?? '',
        headers: incoming.headers,
        body,
        json: () => JSON.parse(body) as Record<string, unknown>,
        connection: numbers.get(socket) ?? 0,
        abandoned: new Promise((resolve) => {
          // On a busy machine the end of a request can be read after the connection is gone.
          if (socket.destroyed) resolve();
          response.once('close', () => {
            if (!response.writableFinished) resolve();
          });
        }),
      };
      requests.push(request);
      const scripted = replies[0] ?? NO_SCRIPT;
      if (replies.length > 1) replies = replies.slice(1);
      const reply = typeof scripted === 'function' ? scripted(request) : scripted;
      // A client that goes away in the middle is what many tests are about.
      play(reply, response).catch(() => socket.destroy());
    });
  });
  server.on('connection', (socket) => {
    connectionCount += 1;
    numbers.set(socket, connectionCount);
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    script(...next) {
      replies = next;
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

const NO_SCRIPT: Reply = { status: 500, steps: [{ send: 'The test has no reply for this.' }] };

async function play(reply: Reply, response: ServerResponse): Promise<void> {
  const { socket } = response;
  if (socket === null) return;
  if (reply.isRaw !== true) {
    response.writeHead(reply.status ?? 200, reply.headers);
    response.flushHeaders();
  }
  const target = reply.isRaw === true ? socket : response;
  for (const step of reply.steps ?? []) {
    if (socket.destroyed) return;
    if ('send' in step) await write(target, step.send);
    else if ('wait' in step) await step.wait;
    else if ('reset' in step) return void socket.resetAndDestroy();
    else if ('close' in step) return void socket.end();
    else return;
  }
  if (reply.isRaw === true) socket.end();
  else response.end();
}

function write(target: NodeJS.WritableStream, bytes: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    target.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}
