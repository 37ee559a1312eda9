import type { Reply, Step } from './provider-double.ts';

/** A stream of server events that comes in the given pieces. */
export function eventStream(...pieces: readonly (string | Uint8Array)[]): Reply {
  return streamOf(pieces.map((send) => ({ send })));
}

/** A stream of server events that does what the steps say. */
export function streamOf(steps: readonly Step[]): Reply {
  return { status: 200, headers: { 'content-type': 'text/event-stream; charset=utf-8' }, steps };
}

export function jsonReply(
  status: number,
  body: unknown,
  headers: Record<string, string | string[]> = {},
): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    steps: [{ send: JSON.stringify(body) }],
  };
}

export function htmlReply(status: number, html: string): Reply {
  return { status, headers: { 'content-type': 'text/html' }, steps: [{ send: html }] };
}
