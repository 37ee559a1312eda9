import { MAX_MESSAGE_BYTES } from './limits.ts';

type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/**
 * A fetch whose body fails if one message is too large. In a stream of events, a blank line ends a
 * message, so the stream itself may be endless.
 */
export function boundedFetch(fetch: Fetch, onTooLarge: () => void): Fetch {
  return async (url, init) => {
    const response = await fetch(url, init);
    if (!response.ok || !response.body) return response;
    const isStream = response.headers.get('content-type')?.includes('text/event-stream') ?? false;
    let byteLength = 0;
    let lastByte = 0;
    const counter = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        byteLength += chunk.byteLength;
        if (byteLength > MAX_MESSAGE_BYTES) {
          onTooLarge();
          controller.error(new Error('A message was too large.'));
          return;
        }
        if (isStream && endsEvent(lastByte, chunk)) byteLength = 0;
        lastByte = chunk.at(-1) ?? lastByte;
        controller.enqueue(chunk);
      },
    });
    const body = response.body.pipeThrough(counter);
    const { status, statusText, headers } = response;
    return new Response(body, { status, statusText, headers });
  };
}

function endsEvent(lastByte: number, chunk: Uint8Array): boolean {
  const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const isSplit = lastByte === 10 && (bytes[0] === 10 || bytes[0] === 13);
  return isSplit || bytes.includes('\n\n') || bytes.includes('\n\r\n');
}
