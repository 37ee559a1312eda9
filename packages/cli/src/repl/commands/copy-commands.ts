import { parseHandle, UsageError } from '@synapse/core';
import { shortReferenceTo } from '@synapse/app/sessions/short-reference';
import type { ReplCommand } from '../repl-command.ts';

const fork: ReplCommand = {
  name: 'fork',
  aliases: ['branch'],
  argument: '[name]',
  summary: 'continue with a copy of the session',
  async run({ conversation, store, display }, name) {
    const { session } = conversation;
    if (session === null)
      throw new UsageError('There is nothing to copy: there are no messages yet.');
    await conversation.fork(name === '' ? null : parseHandle(name));
    const original = await shortReferenceTo(session, store.sessions);
    display.notify(`this is a copy now; the original session: ${original}`);
  },
};

const clear: ReplCommand = {
  name: 'clear',
  argument: '[--yes]',
  summary: 'remove all messages of the session for good; /new only leaves it',
  complete: () => [{ value: '--yes' }],
  async run(repl, argument) {
    const { conversation, display } = repl;
    if (argument !== '' && argument !== '--yes') throw new UsageError('/clear takes --yes only.');
    const count = conversation.session?.messageCount ?? 0;
    // Undone messages are removed, too.
    if ((await conversation.newest(1, { turns: 'all' })).length === 0) {
      display.notify('there is nothing to remove');
      return;
    }
    const removed = count === 0 ? 'the undone messages' : `${count} messages`;
    if (argument === '' && !display.isTerminal) {
      throw new UsageError(
        `/clear removes ${removed} for good, and there is no terminal to ask on.`,
        {
          hint: 'To confirm: /clear --yes',
        },
      );
    }
    if (argument === '' && !(await repl.confirm(`Remove ${removed} for good? [y/N] `))) return;
    await conversation.clear();
    display.notify(`removed ${removed}`);
  },
};

export const copyCommands = [fork, clear];
