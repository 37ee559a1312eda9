import { UsageError } from '@synapse/core';
import { pinMessage, reportContext, resetContext } from '@synapse/core/conversation';
import { describeSummary } from '@synapse/app/conversation/summarise-session';
import { contextLines } from '../../conversation/context-lines.ts';
import type { Repl } from '../repl.ts';
import type { ReplCommand } from '../repl-command.ts';

const actions = {
  reset: 'leave all earlier messages out of requests, except pinned ones',
  pin: 'send a message in every request: the last question, or the given number',
  unpin: 'stop sending a message in every request',
};

const context: ReplCommand = {
  name: 'context',
  argument: '[reset | pin [number] | unpin <number>]',
  summary: 'show or change the content of the next request; all messages stay stored',
  complete: () => Object.entries(actions).map(([value, description]) => ({ value, description })),
  async run(repl, argument) {
    const [action = '', ...rest] = argument.split(/\s+/);
    if (action === '') return show(repl);
    if (!Object.hasOwn(actions, action)) {
      throw new UsageError(`/context has no action "${action.slice(0, 40)}".`, {
        hint: `Its actions: ${Object.keys(actions).join(', ')}. Without one, it shows the content of the next request.`,
      });
    }
    if (action === 'reset') {
      await resetContext(await repl.conversation.noteWriter());
      repl.display.notify(
        'the next request leaves out all earlier messages; /history still shows them',
      );
      return;
    }
    const seq = await seqOf(repl, rest.join(' '), action === 'pin');
    await pinMessage(await repl.conversation.noteWriter(), seq, action === 'pin');
    repl.display.notify(
      action === 'pin'
        ? `message #${seq} is now sent in every request`
        : `#${seq} is no longer pinned`,
    );
  },
};

async function show({ conversation, display }: Repl): Promise<void> {
  const report = await reportContext(conversation.context);
  display.print(`${contextLines(report, display.style).join('\n')}\n`);
}

async function seqOf({ conversation }: Repl, text: string, isOptional: boolean): Promise<number> {
  if (/^#?\d+$/.test(text)) return Number(text.replace('#', ''));
  if (text !== '' || !isOptional) {
    throw new UsageError('Give the number of a message.', {
      hint: '/history shows the numbers.',
    });
  }
  const messages = await conversation.newest(500);
  const question = messages.findLast(({ role }) => role === 'user');
  if (!question) throw new UsageError('There is nothing to pin: there are no messages yet.');
  return question.seq;
}

const compact: ReplCommand = {
  name: 'compact',
  summary: 'send older turns as a summary from now on; the full session stays stored',
  async run(repl) {
    const { conversation, display } = repl;
    const report = await repl.wait('summarising …', (signal) =>
      conversation.summarise({ isForced: true, signal }),
    );
    await conversation.refresh();
    display.notify(describeSummary(report) ?? report.reason ?? 'there was nothing to summarise');
  },
};

export const contextCommands = [context, compact];
