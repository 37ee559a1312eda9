import { ProviderError, type StreamEvent } from '@synapse/core';
import type { AnswerReader } from './answer-reader.ts';
import { IDLE_TIMEOUT_MS } from './create-fetch.ts';
import { fromErrorBody } from './from-error-body.ts';
import { interruptedFailure } from './network-failure.ts';
import type { MinimalResponse } from './minimal-response.ts';
import type { ProviderContext } from './provider-context.ts';
import { readJoined } from './read-joined.ts';
import { readServerEvents } from './response-body.ts';
import { toProviderError } from './to-provider-error.ts';

export interface AnswerStream extends ProviderContext {
  signal: AbortSignal;
  /** The limit on silence; undefined means two minutes, or ten while a model thinks. */
  idleTimeoutMs: number | undefined;
  /** Sends the request and resolves with the head of the answer. */
  open: () => Promise<MinimalResponse>;
  reader: AnswerReader;
}

/** How long a model may think without sending data; the SDKs of the providers have the same limit. */
const THINKING_TIMEOUT_MS = 600_000;
/** How long to wait for the final event if nothing else is missing. */
const LAST_EVENT_TIMEOUT_MS = 5000;

/** Sends one request and streams its answer, as the port promises: see ModelProvider.stream. */
export async function* streamAnswer(options: AnswerStream): AsyncGenerator<StreamEvent, undefined> {
  const { signal } = options;
  signal.throwIfAborted();
  let response: MinimalResponse | undefined;
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
  response: MinimalResponse,
  options: AnswerStream,
): AsyncGenerator<StreamEvent, undefined> {
  const { reader, provider, idleTimeoutMs } = options;
  await refuseDocuments(response, options);
  let eventCount = 0;
  let isThinking = false;
  try {
    const lastEventMs = Math.min(idleTimeoutMs ?? IDLE_TIMEOUT_MS, LAST_EVENT_TIMEOUT_MS);
    const thinkingMs = Math.max(idleTimeoutMs ?? 0, THINKING_TIMEOUT_MS);
    const usualMs = () => idleTimeoutMs ?? (isThinking ? THINKING_TIMEOUT_MS : IDLE_TIMEOUT_MS);
    const reads = readServerEvents(response.body, {
      provider,
      silenceMs: () => (reader.isComplete ? lastEventMs : usualMs()),
      pingsOnlyMs: () => (reader.isComplete ? lastEventMs : thinkingMs),
    });
    for await (const events of reads) {
      eventCount += events.length;
      for (const event of readJoined(events, reader, provider)) {
        if (event.type === 'started') isThinking = true;
        else if (event.type === 'text-delta' || event.type === 'tool-call-start') {
          isThinking = false;
        }
        yield event;
      }
    }
  } catch (error) {
    // The answer is complete; only its final event is missing.
    if (!reader.isComplete || options.signal.aborted) throw error;
  }
  if (eventCount === 0) throw emptyFailure(provider);
  yield* reader.end();
}

/** The status reports success, but the content is a page or an error. */
async function refuseDocuments(response: MinimalResponse, context: AnswerStream): Promise<void> {
  const { mediaType } = response;
  const isJson = mediaType.endsWith('json');
  if (!isJson && !mediaType.endsWith('html')) return;
  const text = await response.explanation(context.idleTimeoutMs ?? IDLE_TIMEOUT_MS);
  const body = isJson ? jsonOrUndefined(text) : undefined;
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

function jsonOrUndefined(text: string): unknown {
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
    hint: 'Try again; if it stays empty, check the base URL and the model.',
  });
}
