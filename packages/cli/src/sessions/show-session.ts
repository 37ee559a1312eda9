import type { Message, Session } from '@synapse/core';
import { countOf } from '@synapse/core/words';
import { showInPager, type PagerOptions, toRelativeTime, wrapText } from '@synapse/terminal';
import type { Terminal } from '../output/terminal.ts';
import { nameOf, toOneLine } from './name-of.ts';
import { plainTranscript, renderTranscript } from './render-transcript.ts';
import { toSessionCost } from './session-cost.ts';
import { toTranscript } from './transcript.ts';

export interface ShowOptions extends PagerOptions {
  terminal: Terminal;
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
  const { output, now, showsReasoning, usesPager, terminal } = options;
  const { columns, style } = terminal;
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
