import { Socket } from 'node:net';

/**
 * A socket that gives up when nothing has come or gone for so long: the other side may be gone without a
 * word, and the system would wait for a quarter of an hour.
 */
export function impatientSocket(silenceMs: number): Socket {
  const socket = new Socket();
  socket.setTimeout(silenceMs, () => {
    const error = new Error(`nothing was heard for ${silenceMs} ms`);
    socket.destroy(Object.assign(error, { code: 'ETIMEDOUT' }));
  });
  return socket;
}
