import { ProviderError, type StreamEvent } from '@synapse/core';
import type { AnswerReader } from './answer-reader.ts';
import { fromErrorBody } from './from-error-body.ts';
import { interruptedFailure } from './interrupted-failure.ts';
import type { LeanResponse } from './lean-response.ts';
import type { ProviderContext } from './provider-context.ts';
import { readJoined } from './read-joined.ts';
import { readServerEvents } from './read-server-events.ts';
import { toProviderError } from './to-provider-error.ts';

export interface AnswerStream extends ProviderContext {
  signal: AbortSignal;
  idleTimeoutMs: number;
  /** Sends the request and resolves with the head of the answer. */
  open: () => Promise<LeanResponse>;
  reader: AnswerReader;
}

/** How long the event that ends an answer is waited for where it is all that is missing. */
const LAST_EVENT_TIMEOUT_MS = 5000;

/** One request and its answer, with the promises of the port: see ModelProvider.stream. */
export async function* streamAnswer(options: AnswerStream): AsyncGenerator<StreamEvent, undefined> {
  const { signal } = options;
  signal.throwIfAborted();
  let response: LeanResponse | undefined;
  try {
    response = await options.open();
    const { body } = response;
    for await (const event of translate(response, options)) {
      signal.throwIfAborted();
      if (event.type !== 'turn-end') {
        yield event;
        continue;
      }
      response = undefined;
      const released = body.release();
      yield event;
      await released;
      return;
    }
    throw interruptedFailure(options.provider);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw toProviderError(error, options);
  } finally {
    response?.body.destroy();
  }
}

async function* translate(
  response: LeanResponse,
  options: AnswerStream,
): AsyncGenerator<StreamEvent, undefined> {
  const { reader, provider, idleTimeoutMs } = options;
  await refuseDocuments(response, options);
  let eventCount = 0;
  try {
    const lastEventMs = Math.min(idleTimeoutMs, LAST_EVENT_TIMEOUT_MS);
    const reads = readServerEvents(response.body, {
      provider,
      idleTimeoutMs: () => (reader.isComplete ? lastEventMs : idleTimeoutMs),
    });
    for await (const events of reads) {
      eventCount += events.length;
      yield* readJoined(events, reader, provider);
    }
  } catch (error) {
    // All of the answer has come; only the event that ends it is missing.
    if (!reader.isComplete || options.signal.aborted) throw error;
  }
  if (eventCount === 0) throw emptyFailure(provider);
  yield* reader.end();
}

/** Success by status, but a page or an error by content. */
async function refuseDocuments(response: LeanResponse, context: AnswerStream): Promise<void> {
  const { mediaType } = response;
  const isJson = mediaType.endsWith('json');
  if (!isJson && !mediaType.endsWith('html')) return;
  const text = await response.explanation(context.idleTimeoutMs);
  const body = isJson ? parseLoosely(text) : undefined;
  if (typeof body === 'object' && body !== null && 'error' in body && body.error !== null) {
    throw fromErrorBody({ body }, context);
  }
  const { provider } = context;
  throw new ProviderError(`${provider} answered with ${mediaType} instead of a stream.`, {
    provider,
    reason: 'invalid-response',
    status: response.status,
    isRetryable: false,
    hint: 'Check the base URL of this provider: it should lead to the API itself.',
  });
}

function parseLoosely(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function emptyFailure(provider: string): ProviderError {
  return new ProviderError(`${provider} sent an empty answer.`, {
    provider,
    reason: 'invalid-response',
    isRetryable: true,
    hint: 'Ask again; if it stays empty, check the base URL and the model.',
  });
}
