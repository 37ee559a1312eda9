import type { StreamEvent } from '@synapse/core';

type Delta = Extract<StreamEvent, { type: 'text-delta' | 'reasoning-delta' }>;

/**
 * What the parts of a single read mean, up to the end of the turn, with neighbouring pieces of text
 * as one: they are shown at once, however many they were sent in. What comes before an error is
 * given before it is thrown.
 */
export function* joinDeltas<Part>(
  parts: readonly Part[],
  read: (part: Part) => readonly StreamEvent[],
): Generator<StreamEvent> {
  const joined: StreamEvent[] = [];
  const join = (event: StreamEvent): void => add(joined, event);
  try {
    // No `for … of`: its iterators would be a quarter of the garbage of an answer in many pieces.
    parts.every((part) => {
      read(part).forEach(join);
      return joined.at(-1)?.type !== 'turn-end';
    });
  } finally {
    yield* joined;
  }
}

function add(joined: StreamEvent[], event: StreamEvent): void {
  const last = joined.at(-1);
  if (!isDelta(event)) joined.push(event);
  else if (last?.type === event.type) last.text += event.text;
  else joined.push({ ...event });
}

function isDelta(event: StreamEvent): event is Delta {
  return event.type === 'text-delta' || event.type === 'reasoning-delta';
}
