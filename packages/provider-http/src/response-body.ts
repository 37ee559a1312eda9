import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { ProviderError } from '@synapse/core';
import { timeoutHint, timeoutFailure } from './network-failure.ts';
import { ServerEventParser, type ServerEvent } from './server-event-parser.ts';

const DRAIN_LIMIT_MS = 250;
/** The longest stored answer has 16 MiB; an event may contain all of it, escaped. */
const MAX_EVENT_LENGTH = 32 * 1024 * 1024;

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

export interface ReadOptions {
  provider: string;
  /** How long the connection may be silent; evaluated each time. */
  silenceMs: () => number;
  /** How long only comments and pings may come; evaluated each time. */
  pingsOnlyMs: () => number;
}

/**
 * The events of a stream as they arrive, those of one read together. Comments and pings keep the
 * connection alive, but do not show that an answer will come, so they have a limit of their own.
 */
export async function* readServerEvents(
  body: ResponseBody,
  options: ReadOptions,
): AsyncGenerator<ServerEvent[], undefined> {
  const parser = new ServerEventParser(MAX_EVENT_LENGTH);
  let wait = startWait(body, options);
  let eventAtMs = performance.now();
  try {
    for (;;) {
      const { done, value } = await body.next();
      const events = done === true ? parser.end() : parser.push(value);
      if (parser.isOversized) throw oversizedFailure(options.provider);
      const said = events.filter((event) => !isKeepAlive(event));
      if (said.length > 0) {
        // The time limit pauses while the consumer works.
        clearTimeout(wait);
        yield said;
        wait = startWait(body, options);
        eventAtMs = performance.now();
      }
      if (done === true) return;
      if (said.length > 0) continue;
      const limitMs = options.pingsOnlyMs();
      if (performance.now() - eventAtMs >= limitMs) throw pingsOnlyFailure(options, limitMs);
      wait.refresh();
    }
  } finally {
    clearTimeout(wait);
  }
}

function isKeepAlive({ name, data }: ServerEvent): boolean {
  return name === 'ping' || name === 'keepalive' || data.trim() === '';
}

function startWait(body: ResponseBody, { provider, silenceMs }: ReadOptions): NodeJS.Timeout {
  const limitMs = silenceMs();
  return setTimeout(() => {
    const said = `no data came within ${limitMs} ms.`;
    body.destroy(timeoutFailure(provider, said, timeoutHint(provider)));
  }, limitMs);
}

function pingsOnlyFailure({ provider }: ReadOptions, limitMs: number): ProviderError {
  const said = `only pings came within ${limitMs} ms.`;
  return timeoutFailure(provider, said, timeoutHint(provider));
}

function oversizedFailure(provider: string): ProviderError {
  return new ProviderError(`${provider} sent a piece that is larger than Synapse accepts.`, {
    provider,
    reason: 'response-too-large',
    isRetryable: false,
    hint: 'Check that the base URL leads to a model and not to a file.',
  });
}
