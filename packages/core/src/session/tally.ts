import type { Message } from './message.ts';
import { addCounts, countsOf, noCounts, type MessageCounts } from './session-figures.ts';
import { previewFrom } from './title.ts';
import { noMarks, type TurnMarks } from './turn-marks.ts';

/** All the figures that a session keeps about its messages. */
export interface Tally extends TurnMarks {
  counts: MessageCounts;
  preview: string | null;
  lastSeq: number;
}

export const noTally: Readonly<Tally> = {
  ...noMarks,
  counts: noCounts,
  preview: null,
  lastSeq: 0,
};

/** Adds the next messages of a session, in its order. */
export function addToTally(tally: Tally, messages: readonly Message[]): Tally {
  const active = messages.filter((message) => message.active);
  const last = active.at(-1);
  return {
    counts: messages.map(countsOf).reduce(addCounts, tally.counts),
    preview: newestPreview(active) ?? tally.preview,
    lastSeq: messages.at(-1)?.seq ?? tally.lastSeq,
    lastTurn: messages.reduce((most, { turn }) => Math.max(most, turn), tally.lastTurn),
    turn: last?.turn ?? tally.turn,
    variantOf: last ? last.variantOf : tally.variantOf,
  };
}

function newestPreview(messages: readonly Message[]): string | null {
  for (const { parts } of messages.toReversed()) {
    const preview = previewFrom(parts);
    if (preview !== null) return preview;
  }
  return null;
}
