import type { Session } from '@synapse/core';
import { toRelativeTime } from '@synapse/terminal';
import type { LineReader } from '@synapse/terminal/editor';
import type { HeldChoice } from '@synapse/app/conversation/held-session';
import { agentOf } from '@synapse/app/profiles/session-profile';
import { askAboutHeld } from '../output/ask-about-held.ts';
import { titleOrPreview } from '../sessions/name-of.ts';
import type { Repl } from './repl.ts';
import { showMessages } from './show-messages.ts';

const shownMessages = 4;
/** The end of them, where they are long; /history shows the rest. */
const mostLines = 60;

/** Continues a session: asks what to do if another process has it, and shows its newest messages. */
export async function openSession(
  { conversation, display, app, agent }: Repl,
  reader: Pick<LineReader, 'read'>,
  session: Session,
  isTakenOver: boolean,
): Promise<void> {
  const ask = async (question: string) => {
    const answer = await reader.read(question, { isQuestion: true });
    return typeof answer === 'string' ? '' : answer.text.trim();
  };
  const askHeld = askAboutHeld(session, ['read', 'fork', 'take-over'], ask);
  let outcome: string | undefined;
  await conversation.open(session, {
    isTakenOver,
    onHeld: async (error) => {
      if (!display.isTerminal) throw error;
      const choice = await askHeld(error);
      outcome = outcomes[choice];
      return choice;
    },
  });
  await agent.limitTo(agentOf(conversation.session ?? session));
  if (outcome !== undefined) display.notify(outcome);
  display.meter = '';
  const opened = conversation.session ?? session;
  const { messageCount, updatedAt } = opened;
  const about = `${titleOrPreview(opened)} · ${messageCount} messages · ${toRelativeTime(updatedAt, app.clock.now())}`;
  display.notify(about);
  const warning = await conversation.costWarning();
  if (warning !== undefined) display.notify(warning);
  if (display.isTerminal) {
    const shown = await showMessages(await conversation.newest(shownMessages), display);
    display.print(shown.split('\n').slice(-mostLines).join('\n'));
  }
}

const outcomes: Readonly<Record<HeldChoice, string | undefined>> = {
  wait: undefined,
  read: 'this session is read-only here; /fork continues with a copy',
  fork: 'this is a copy now',
  'take-over': 'taken over: the other process can no longer write to it',
};
