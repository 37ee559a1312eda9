import { connect, type Socket } from 'node:net';

/** The address of the server, and the number that identifies a connection there. */
export interface Backend {
  host: string;
  port: number;
  processID: number | null;
  secretKey: number | Buffer | null;
}

const SSL_REQUEST = request(80_877_103);
const CANCEL_REQUEST = 80_877_102;

/** Whether the server answers: it answers this request before it authenticates the client. */
export function isAnswering(backend: Backend, withinMs: number): Promise<boolean> {
  return talk(backend, SSL_REQUEST, withinMs, 'data');
}

/**
 * Asks the server to cancel the statement of the connection, so that an abandoned statement does
 * not wait there and occupy one of few connections. Resolves when the server has received the
 * request.
 */
export async function cancelStatement(backend: Backend, withinMs: number): Promise<void> {
  const { processID, secretKey } = backend;
  if (processID === null || secretKey === null) return;
  const key = typeof secretKey === 'number' ? int32(secretKey) : secretKey;
  await talk(backend, request(CANCEL_REQUEST, int32(processID), key), withinMs, 'close');
}

/** Sends the bytes on a separate connection; false if the event does not come in time. */
function talk(
  { host, port }: Backend,
  bytes: Buffer,
  withinMs: number,
  event: 'data' | 'close',
): Promise<boolean> {
  return new Promise((resolve) => {
    const socket: Socket = host.startsWith('/')
      ? connect(`${host}/.s.PGSQL.${port}`)
      : connect(port, host);
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(withinMs, () => end(false));
    socket.on('error', () => end(false));
    socket.on(event, () => end(true));
    if (event === 'data') socket.on('close', () => end(false));
    else socket.resume();
    socket.write(bytes);
  });
}

function request(code: number, ...more: Buffer[]): Buffer {
  const body = Buffer.concat([int32(code), ...more]);
  return Buffer.concat([int32(body.length + 4), body]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value | 0);
  return bytes;
}
