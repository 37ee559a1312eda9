import type { StreamEvent } from '@synapse/core';
import type { AnswerReader } from './answer-reader.ts';
import { parseEventData, type EventData } from './parse-event-data.ts';
import type { ServerEvent } from './server-event-parser.ts';

type Delta = Extract<StreamEvent, { type: 'text-delta' | 'reasoning-delta' }>;

/**
 * The stream events of a single read, up to the end of the turn, with adjacent pieces of text
 * joined: they are shown at once, however they were sent. Events before an error are returned
 * before it is thrown.
 */
export function* readJoined(
  events: readonly ServerEvent[],
  reader: AnswerReader,
  provider: string,
): Generator<StreamEvent> {
  const said: StreamEvent[] = [];
  try {
    readAll(events, reader, provider, said);
  } finally {
    yield* said;
  }
}

function readAll(
  events: readonly ServerEvent[],
  reader: AnswerReader,
  provider: string,
  said: StreamEvent[],
): void {
  let open: { event: EventData; name: string | null } | undefined;
  const close = (): void => {
    const closed = open;
    open = undefined;
    if (closed) reader.read(closed.event, closed.name).forEach((event) => add(said, event));
  };
  try {
    // No `for … of`: its iterators would be a quarter of the garbage of an answer in many pieces.
    events.every(({ name, data }) => {
      const event = parseEventData(data, provider);
      if (open?.name === name && reader.join(open.event, event)) return true;
      close();
      if (said.at(-1)?.type === 'turn-end') return false;
      open = { event, name };
      return true;
    });
  } finally {
    close();
  }
}

function add(said: StreamEvent[], event: StreamEvent): void {
  const last = said.at(-1);
  if (!isDelta(event)) said.push(event);
  else if (last?.type === event.type) last.text += event.text;
  else said.push({ ...event });
}

function isDelta(event: StreamEvent): event is Delta {
  return event.type === 'text-delta' || event.type === 'reasoning-delta';
}
