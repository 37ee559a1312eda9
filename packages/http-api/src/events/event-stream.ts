import type { Clock } from '@synapse/core';
import { streamReply } from '../reply.ts';

const PING_MS = 15_000;

export interface ServerEvent {
  /** The position to continue after. */
  id?: number;
  type: string;
  data: unknown;
}

/**
 * A reply of server-sent events. A client that hears nothing for 40 s may take the connection for
 * dead: a ping is an event of its own, because browsers hide comments from a page. An event is made
 * when the client has taken the one before, so a slow client needs no memory.
 */
export function eventReply(
  events: AsyncGenerator<ServerEvent>,
  clock: Clock,
  stopping: AbortSignal,
): Response {
  return streamReply(frames(events, clock, stopping), {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
  });
}

async function* frames(
  events: AsyncGenerator<ServerEvent>,
  clock: Clock,
  stopping: AbortSignal,
): AsyncGenerator<string> {
  yield 'retry: 1000\n\n';
  try {
    for (let next = events.next(); ;) {
      const heard = new AbortController();
      const silence = clock.sleep(PING_MS, heard.signal).then(
        () => null,
        () => null,
      );
      const first = await Promise.race([next, silence]);
      heard.abort();
      if (first === null) yield toFrame({ type: 'ping', data: {} });
      else if (!first.done) {
        yield toFrame(first.value);
        next = events.next();
      } else {
        if (stopping.aborted) yield toFrame({ type: 'bye', data: {} });
        return;
      }
    }
  } finally {
    // The client has left in the middle: the source stops waiting for it.
    void events.return(undefined);
  }
}

function toFrame({ id, type, data }: ServerEvent): string {
  const position = id === undefined ? '' : `id: ${id}\n`;
  return `${position}event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}
