import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

const DRAIN_LIMIT_MS = 250;

/** The bytes of an answer, read at the consumer's pace. */
export class ResponseBody implements AsyncIterable<Uint8Array> {
  readonly #message: IncomingMessage;
  readonly #source: Readable;
  readonly #toFailure: (error: unknown) => unknown;
  readonly #chunks: AsyncIterator<Uint8Array>;

  constructor(message: IncomingMessage, toFailure: (error: unknown) => unknown) {
    this.#message = message;
    this.#toFailure = toFailure;
    this.#source = decoded(message);
    this.#chunks = this.#source[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    try {
      const result = await this.#chunks.next();
      return result.done === true ? { done: true, value: undefined } : result;
    } catch (error) {
      this.destroy();
      throw this.#toFailure(error);
    }
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.destroy();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array, undefined> {
    return this;
  }

  /** Closes the connection; a pending read rejects with `error`. */
  destroy(error?: Error): void {
    // Without a listener, an error event would end the process.
    this.#source.on('error', ignore);
    this.#message.on('error', ignore);
    this.#source.destroy(error);
    this.#message.destroy();
  }

  /** Reads the rest, so that the connection can be reused, unless that takes too long. */
  async release(): Promise<void> {
    const timer = setTimeout(() => this.destroy(), DRAIN_LIMIT_MS);
    try {
      while ((await this.#chunks.next()).done !== true);
    } catch {
      this.destroy();
    } finally {
      clearTimeout(timer);
    }
  }
}

function decoded(message: IncomingMessage): Readable {
  const decoder = decoderFor(message.headers['content-encoding']?.toLowerCase());
  if (decoder === undefined) return message;
  message.on('error', (error) => decoder.destroy(error));
  return message.pipe(decoder);
}

function decoderFor(encoding: string | undefined) {
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip();
  if (encoding === 'deflate') return createInflate();
  return encoding === 'br' ? createBrotliDecompress() : undefined;
}

function ignore(): void {
  // On purpose.
}
