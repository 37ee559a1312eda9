import type { StreamEvent } from '@synapse/core';

type Delta = Extract<StreamEvent, { type: 'text-delta' | 'reasoning-delta' }>;

/**
 * What the parts of a single read mean, with neighbouring pieces of text as one: they are shown at
 * once, however many they were sent in. What comes before an error is given before it is thrown.
 */
export function* joinDeltas<Part>(
  parts: readonly Part[],
  read: (part: Part) => readonly StreamEvent[],
): Generator<StreamEvent> {
  let open: Delta | null = null;
  try {
    for (const part of parts) {
      for (const event of read(part)) {
        if (open !== null && isDelta(event) && event.type === open.type) {
          open.text += event.text;
          continue;
        }
        if (open !== null) yield open;
        open = isDelta(event) ? { ...event } : null;
        if (open === null) yield event;
      }
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
