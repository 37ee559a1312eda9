import { toByteSize } from '@synapse/core/words';
import { HttpError } from '../problems/http-error.ts';
import type { Body } from '../route.ts';

/** Refuses bodies of a wrong type or of too many bytes before anything is read. */
export function checkBody(headers: Headers, body: Body | undefined, maxBytes: number): void {
  const mediaType = mediaTypeOf(headers);
  const expected = typesOf(body);
  const isRefused = body ? !expected.includes(mediaType ?? '') : hasBody(headers);
  if (isRefused) {
    throw new HttpError(
      'UNSUPPORTED_TYPE',
      body ? `The body must have the type ${expected.join(' or ')}.` : 'This request has no body.',
      { headers: expected.length > 0 ? { accept: expected.join(', ') } : {} },
    );
  }
  if (Number(headers.get('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes);
}

/** The body as it comes, up to the limit, whatever its head said. */
export async function* readBytes(
  stream: ReadableStream<Uint8Array> | null,
  maxBytes: number,
): AsyncGenerator<Uint8Array> {
  let byteLength = 0;
  for await (const chunk of stream ?? []) {
    byteLength += chunk.byteLength;
    if (byteLength > maxBytes) throw tooLarge(maxBytes);
    yield chunk;
  }
}

export async function readJson(
  stream: ReadableStream<Uint8Array> | null,
  maxBytes: number,
): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of readBytes(stream, maxBytes)) chunks.push(chunk);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)));
  } catch (cause) {
    throw new HttpError('INVALID_REQUEST', 'The body is not JSON in UTF-8.', { cause });
  }
}

export function typesOf(body: Body | undefined): readonly string[] {
  if (!body) return [];
  return body.kind === 'json' ? ['application/json'] : body.mediaTypes;
}

function mediaTypeOf(headers: Headers): string | null {
  return headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? null;
}

function hasBody(headers: Headers): boolean {
  return headers.has('transfer-encoding') || Number(headers.get('content-length') ?? 0) > 0;
}

function tooLarge(maxBytes: number): HttpError {
  return new HttpError('TOO_LARGE', `The body is larger than ${toByteSize(maxBytes)}.`, {
    headers: { connection: 'close' },
  });
}
