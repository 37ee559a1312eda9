import type { StreamEvent } from '@synapse/core';

type Delta = Extract<StreamEvent, { type: 'text-delta' | 'reasoning-delta' }>;

/**
 * Neighbouring pieces of text as one: what has come in a single read is shown at once, however many
 * pieces it was sent in. What comes before an error is given before it is thrown.
 */
export function* joinDeltas(events: Iterable<StreamEvent>): Generator<StreamEvent> {
  let open: Delta | null = null;
  try {
    for (const event of events) {
      if (open !== null && isDelta(event) && event.type === open.type) {
        open.text += event.text;
        continue;
      }
      if (open !== null) yield open;
      open = isDelta(event) ? { ...event } : null;
      if (open === null) yield event;
    }
  } catch (error) {
    if (open !== null) yield open;
    throw error;
  }
  if (open !== null) yield open;
}

function isDelta(event: StreamEvent): event is Delta {
  return event.type === 'text-delta' || event.type === 'reasoning-delta';
}
