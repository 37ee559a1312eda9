import type { LookupAddress } from 'node:dns';
import type { IncomingHttpHeaders, IncomingMessage, RequestOptions } from 'node:http';
import type { LookupFunction } from 'node:net';
import type { Readable } from 'node:stream';
import { InvalidDataError } from '@synapse/core';

export interface PinnedRequest {
  url: URL;
  address: LookupAddress;
  method: string;
  headers: Readonly<Record<string, string>>;
  body: string | null;
  maxBytes: number;
  signal: AbortSignal;
}

export interface PinnedResponse {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** Whether there was more than `maxBytes`. */
  isCut: boolean;
}

/** One request to one IP address, even if the name in the URL resolves to another one by then. */
export async function requestPinned(request: PinnedRequest): Promise<PinnedResponse> {
  const { url, address, method, headers, body, signal } = request;
  const { request: start } =
    url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  const pinned: LookupFunction = (_host, options, callback) => {
    if (options.all) callback(null, [address]);
    else callback(null, address.address, address.family);
  };
  const options: RequestOptions = {
    method,
    headers: { 'user-agent': 'synapse', accept: '*/*', 'accept-encoding': 'gzip, br', ...headers },
    lookup: pinned,
    // Never reuses a connection that was opened for another name.
    agent: false,
    signal,
  };
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const outgoing = start(url, options, resolve);
      outgoing.on('error', reject);
      // No response follows, so that nothing else would end the wait.
      outgoing.on('upgrade', (_head, socket) => {
        socket.destroy();
        reject(new InvalidDataError(`"${url.host}" switched to another protocol.`));
      });
      outgoing.end(body ?? undefined);
    });
    const content = await readBody(await decoded(response), request.maxBytes);
    response.destroy();
    return { status: response.statusCode ?? 0, headers: response.headers, ...content };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof InvalidDataError) throw error;
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new InvalidDataError(`"${url.host}" could not be fetched (${code}).`, { cause: error });
  }
}

async function decoded(response: IncomingMessage): Promise<Readable> {
  const encoding = response.headers['content-encoding'];
  if (encoding === undefined || encoding === 'identity') return response;
  const { createBrotliDecompress, createGunzip } = await import('node:zlib');
  const decoder = encoding === 'br' ? createBrotliDecompress() : createGunzip();
  response.on('error', (error) => decoder.destroy(error));
  return response.pipe(decoder);
}

async function readBody(
  stream: Readable,
  maxBytes: number,
): Promise<{ body: Buffer; isCut: boolean }> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxBytes)
      return { body: Buffer.concat(chunks).subarray(0, maxBytes), isCut: true };
  }
  return { body: Buffer.concat(chunks), isCut: false };
}
