import type { ModelProvider, ModelRequest, StreamEvent } from '@synapse/core';
import { modelRequest } from './model-request.ts';

/** What came before the stream ended, and what it threw, if it did. */
export interface ReadAnswer {
  events: StreamEvent[];
  error: unknown;
}

/** What came of a provider, apart from what it told of its work before the end. */
export interface ReadProvider extends ReadAnswer {
  /** That the provider has started, and what it has counted. */
  told: StreamEvent[];
}

export async function readAnswer(
  provider: ModelProvider,
  request: ModelRequest = modelRequest(),
  signal: AbortSignal = new AbortController().signal,
): Promise<ReadProvider> {
  return collectApart(provider.stream(request, signal));
}

export async function collectApart(stream: AsyncIterable<StreamEvent>): Promise<ReadProvider> {
  const { events, error } = await collect(stream);
  const isTold = ({ type }: StreamEvent) => type === 'started' || type === 'usage';
  return { events: events.filter((event) => !isTold(event)), told: events.filter(isTold), error };
}

export async function collect(stream: AsyncIterable<StreamEvent>): Promise<ReadAnswer> {
  const events: StreamEvent[] = [];
  try {
    for await (const event of stream) events.push(event);
  } catch (error) {
    return { events, error };
  }
  return { events, error: undefined };
}

/** The text of all deltas of one kind. */
export function textOfEvents(
  events: readonly StreamEvent[],
  type: 'text-delta' | 'reasoning-delta',
): string {
  return events.map((event) => (event.type === type ? event.text : '')).join('');
}

/** The events with pieces of the same kind joined: what does not depend on how they were cut. */
export function joinDeltas(events: readonly StreamEvent[]): StreamEvent[] {
  const joined: StreamEvent[] = [];
  for (const event of events) {
    const last = joined.at(-1);
    if (last && isText(last) && isText(event) && last.type === event.type) last.text += event.text;
    else joined.push({ ...event });
  }
  return joined;
}

function isText(
  event: StreamEvent,
): event is Extract<StreamEvent, { type: `${string}-delta`; text: string }> {
  return event.type === 'text-delta' || event.type === 'reasoning-delta';
}
