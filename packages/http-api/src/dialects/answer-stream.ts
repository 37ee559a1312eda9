import { ProviderError, type StreamEvent } from '@synapse/core';
import { MessageCollector, type TurnEvent } from '@synapse/core/conversation';
import { toLines, type AnswerWriter, type WholeAnswer } from './answer-writer.ts';
import type { Dialect } from './dialect.ts';

/** Shorter than any proxy or client waits. */
const PING_MS = 15_000;

const OF_ANSWER = new Set<TurnEvent['type']>([
  ...(['text-delta', 'text-end', 'reasoning-delta', 'reasoning-end'] as const),
  ...(['tool-call-start', 'tool-call-delta', 'tool-call', 'started', 'usage', 'turn-end'] as const),
]);

/** Whether an event belongs to the answer of the model, not to the turn around it. */
export function isOfAnswer(event: TurnEvent): event is StreamEvent {
  return OF_ANSWER.has(event.type);
}

/** Reads an answer to its end; throws the error of one that failed. */
export async function collectAnswer(events: AsyncIterable<TurnEvent>): Promise<WholeAnswer> {
  const collector = new MessageCollector();
  for await (const event of events) if (isOfAnswer(event)) collector.add(event);
  const { turnEnd } = collector;
  if (turnEnd === null) throw endless();
  return { parts: collector.parts(), turnEnd };
}

/**
 * The lines of a streamed answer. `first` is what has been read of the events already. The stream
 * ends only when the answer is stored.
 */
export async function* streamLines(
  events: AsyncIterator<TurnEvent>,
  first: readonly TurnEvent[],
  writer: AnswerWriter,
  ping: Dialect['ping'],
): AsyncGenerator<string> {
  const pingLines = ping === null ? ': ping\n\n' : toLines(ping);
  const seen = { hasEnded: false };
  const write = (event: TurnEvent) => {
    if (event.type === 'turn-end') seen.hasEnded = true;
    return isOfAnswer(event) ? writer.write(event).map(toLines).join('') : '';
  };
  try {
    for (const event of first) {
      const lines = write(event);
      if (lines !== '') yield lines;
    }
    for (;;) {
      const waiting = events.next();
      let next = await within(waiting, PING_MS);
      for (; next === null; next = await within(waiting, PING_MS)) yield pingLines;
      if (next.done) break;
      const lines = write(next.value);
      if (lines !== '') yield lines;
    }
    if (!seen.hasEnded) throw endless();
    yield writer.end().map(toLines).join('');
  } catch (error) {
    yield writer.fail(error).map(toLines).join('');
  } finally {
    await events.return?.();
  }
}

/** The events up to the first one that a client would see; later ones can only fail in mid-stream. */
export async function readBeginning(events: AsyncIterator<TurnEvent>): Promise<TurnEvent[]> {
  const read: TurnEvent[] = [];
  for (;;) {
    const next = await events.next();
    if (next.done) return read;
    read.push(next.value);
    const { type } = next.value;
    if (isOfAnswer(next.value) && type !== 'started' && type !== 'usage') return read;
  }
}

/** Null if the promise takes longer. */
async function within<T>(promise: Promise<T>, ms: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function endless(): ProviderError {
  return new ProviderError('The answer ended before it was complete.', {
    ...{ provider: 'synapse', reason: 'invalid-response', isRetryable: true },
  });
}
