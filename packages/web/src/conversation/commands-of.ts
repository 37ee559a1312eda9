import { sessionKeys, type Command } from '../frame/commands.ts';
import { askAgain, editQuestion } from './change-question.ts';
import type { Conversation } from './conversation.ts';
import type { Turn } from './turns.ts';

type Name = (typeof sessionKeys)[number]['name'];

/** The commands of an open session, with their keys. */
export function commandsOf(conversation: Conversation): readonly Command[] {
  const withLast = (work: (turn: Turn) => Promise<void>) => () => {
    const last = conversation.turns.value.at(-1);
    if (last && !last.isLive) void work(last);
  };
  const decide = (answer: 'once' | 'no') => () => {
    const first = conversation.approvals.value[0];
    if (first) void conversation.decide(first, answer);
  };
  const actions: Readonly<Record<Name, () => unknown>> = {
    'Stop the answer': () => conversation.run.value !== null && conversation.stop(),
    'Edit the last question': withLast((turn) => editQuestion(conversation, turn)),
    'Retry the last question': withLast((turn) => askAgain(conversation, turn)),
    'Previous question': () => step(-1),
    'Next question': () => step(1),
    'Approve the tool call once': decide('once'),
    'Reject the tool call': decide('no'),
    'Write a question': () => document.getElementById('question')?.focus(),
  };
  return sessionKeys.map(({ name, keys }) => ({ name, keys, run: actions[name] }));
}

/** Moves the focus from one question to the next one in that direction. */
function step(direction: 1 | -1): void {
  const questions = [...document.querySelectorAll<HTMLElement>('.question')];
  const focused = document.activeElement?.closest('.turn')?.querySelector<HTMLElement>('.question');
  const at = focused ? questions.indexOf(focused) : questions.length;
  const next = questions[Math.min(Math.max(at + direction, 0), questions.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: 'start' });
}
