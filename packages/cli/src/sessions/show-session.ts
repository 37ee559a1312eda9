import { isNote, type Message, type Session } from '@synapse/core';
import type { MessageChoice, PickedMessages } from '@synapse/app/sessions/pick-messages';
import { countOf } from '@synapse/core/words';
import { showInPager, type PagerOptions, toRelativeTime, wrapText } from '@synapse/terminal';
import type { OutputStyle } from '../output/output-style.ts';
import { nameOf, toOneLine } from './name-of.ts';
import { plainTranscript, renderTranscript } from './render-transcript.ts';
import { toSessionCost } from './session-table.ts';
import { DEFAULT_MESSAGE_COUNT } from './show-flags.ts';
import { toTranscript } from './transcript.ts';

export interface ShowOptions extends PagerOptions {
  outputStyle: OutputStyle;
  now: Date;
  showsReasoning: boolean;
  usesPager: boolean;
}

/** Shows a session to a reader: rendered on a terminal, plain in a pipe. */
export async function showSession(
  session: Session,
  messages: readonly Message[],
  options: ShowOptions,
): Promise<void> {
  const { output, now, showsReasoning, usesPager, outputStyle } = options;
  const { columns, style } = outputStyle;
  const timeOf = (date: Date) =>
    columns === undefined ? date.toISOString() : toRelativeTime(date, now);
  const blocks = messages.flatMap((message) => toTranscript(message, { showsReasoning, timeOf }));
  if (columns === undefined) {
    output.write(plainTranscript(blocks));
    return;
  }
  const facts = wrapText(factsOf(session, timeOf), columns).map((line) => `${style.dim(line)}\n`);
  const title = wrapText(toOneLine(nameOf(session)), columns).map(
    (line) => `${style.bold(line)}\n`,
  );
  const text = `${title.join('')}${facts.join('')}\n${await renderTranscript(blocks, { columns, style })}`;
  if (usesPager) await showInPager(text, options);
  else output.write(text);
}

function factsOf(session: Session, timeOf: (date: Date) => string): string {
  const { id, messageCount, tags, pinned, archived, deletedAt, workingDirectory } = session;
  return toOneLine(
    [
      id,
      countOf(messageCount, 'message'),
      toSessionCost(session),
      `begun ${timeOf(session.createdAt)}`,
      pinned && 'pinned',
      archived && 'archived',
      deletedAt && 'in the trash',
      ...tags.map((tag) => `#${tag}`),
      workingDirectory,
    ]
      .filter(Boolean)
      .join(' · '),
  );
}

/** How many messages are not shown, and how to see them. */
export function describeRest(
  session: Session,
  { messages, nextCursor }: PickedMessages,
  { end, count, beyond, turns }: MessageChoice,
): string {
  const side = end === 'head' ? 'later' : 'earlier';
  const shownCount = messages.filter((message) => !isNote(message)).length;
  // A session counts neither the messages on one side of a cursor nor those that are not active.
  const rest =
    beyond === undefined && turns === 'active'
      ? countOf(session.messageCount - shownCount, `${side} message`)
      : `${side} messages`;
  const limit = count === DEFAULT_MESSAGE_COUNT ? '' : ` --limit ${count}`;
  return `not shown: ${rest}; --cursor ${nextCursor}${limit} shows more, --all shows everything`;
}
