import { clipText, textOf, UsageError, type Message } from '@synapse/core';
import type { Repl } from '../repl.ts';
import type { ReplCommand } from '../repl-command.ts';

const retry: ReplCommand = {
  name: 'retry',
  aliases: ['regenerate'],
  argument: '[model]',
  summary:
    'ask the last question again, with another model if you name one; /variants shows the earlier answer',
  async run(repl, model) {
    const { conversation, app } = repl;
    await lastQuestion(repl);
    if (model !== '') {
      const usualProvider = conversation.model.setup.name;
      await conversation.setModel(await app.openModel({ provider: null, model, usualProvider }));
    }
    await repl.retry();
  },
};

const undo: ReplCommand = {
  name: 'undo',
  summary: 'undo the last question and its answer; /redo restores them',
  async run({ conversation, display }) {
    const [question] = await conversation.undo();
    const text = question && `undone: ${clipText(textOf(question.parts), 60)} (/redo)`;
    display.notify(text ?? 'there are no messages yet');
  },
};

const redo: ReplCommand = {
  name: 'redo',
  summary: 'restore the last turn that /undo removed',
  async run({ conversation, display }) {
    if (!(await conversation.redo())) {
      display.notify('there is nothing to redo');
      return;
    }
    const question = await conversation.lastQuestion();
    display.notify(`restored: ${clipText(textOf(question?.parts ?? []), 60)}`);
  },
};

const editLast: ReplCommand = {
  name: 'edit-last',
  aliases: ['edit'],
  summary: 'change the last question and ask it again; /variants shows the earlier answer',
  async run(repl) {
    repl.edit(await lastQuestion(repl));
  },
};

async function lastQuestion({ conversation }: Repl): Promise<Message> {
  await conversation.useExisting();
  const question = await conversation.lastQuestion();
  if (question === undefined) throw new UsageError('There is no question yet.');
  return question;
}

export const turnCommands = [retry, undo, redo, editLast];
