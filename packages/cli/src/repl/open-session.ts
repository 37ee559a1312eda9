import { newId, SessionHeldError, type Session } from '@synapse/core';
import { toRelativeTime } from '@synapse/terminal';
import type { LineReader } from '@synapse/terminal/editor';
import { warnOfCost } from '@synapse/app/conversation/warn-of-cost';
import { describeSession } from './describe-session.ts';
import type { Repl } from './repl.ts';
import { showMessages } from './show-messages.ts';

const shownMessages = 4;
/** The end of them, where they are long; /history shows the rest. */
const mostLines = 60;

/** Goes on with a session: asks what to do if another process has it, and shows where it was. */
export async function openSession(
  repl: Repl,
  reader: Pick<LineReader, 'read'>,
  session: Session,
  how: 'hold' | 'force',
): Promise<void> {
  const { conversation, display, app } = repl;
  try {
    await conversation.enter(session, how);
  } catch (error) {
    if (!(error instanceof SessionHeldError) || !display.isTerminal) throw error;
    await openHeld(repl, reader, session, error);
  }
  const opened = conversation.session ?? session;
  const { messageCount, updatedAt } = opened;
  const about = `${describeSession(opened)} · ${messageCount} messages · ${toRelativeTime(updatedAt, app.clock.now())}`;
  display.say(about);
  const warning = await warnOfCost(app, opened, conversation.context);
  if (warning !== undefined) display.say(warning);
  if (display.isTerminal) {
    const shown = await showMessages(await conversation.newest(shownMessages), display);
    display.print(shown.split('\n').slice(-mostLines).join('\n'));
  }
}

async function openHeld(
  { conversation, display, store, app }: Repl,
  reader: Pick<LineReader, 'read'>,
  session: Session,
  { message, lease }: SessionHeldError,
): Promise<void> {
  display.say(message);
  const question = '[r]ead it, [f]ork it, or [t]ake it over? ';
  const answer = await reader.read(question, { isQuestion: true });
  const choice = typeof answer === 'string' ? 'r' : answer.text.trim().toLowerCase().slice(0, 1);
  if (choice === 't') {
    await conversation.enter(session, 'force');
    display.say(`taken over from process ${lease.holder.pid}, which can't write to it any more`);
  } else if (choice === 'f') {
    const copy = await store.sessions.fork(session.id, {
      id: newId(),
      createdAt: app.clock.now(),
    });
    await conversation.enter(copy, 'hold');
    display.say('this is a copy now');
  } else {
    await conversation.enter(session, 'read');
    display.say('it is only read here; /fork goes on with a copy');
  }
}
