import { clipText, textOf, UsageError, type Message } from '@synapse/core';
import type { Repl } from '../repl.ts';
import type { ReplCommand } from '../repl-command.ts';

const retry: ReplCommand = {
  name: 'retry',
  aliases: ['regenerate'],
  argument: '[model]',
  summary: 'ask the last question again, of another model if you name one',
  async run(repl, model) {
    const { conversation, app } = repl;
    const { parts } = await lastQuestion(repl);
    if (model !== '') {
      const usualProvider = conversation.model.setup.name;
      await conversation.setModel(await app.openModel({ provider: null, model, usualProvider }));
    }
    await repl.askInstead(parts);
  },
};

const undo: ReplCommand = {
  name: 'undo',
  summary: 'take back the last question and its answer',
  async run({ conversation, display }) {
    const [question] = await conversation.undo();
    display.say(question ? `taken back: ${clipText(textOf(question.parts), 60)}` : nothingSaid);
  },
};

const editLast: ReplCommand = {
  name: 'edit-last',
  aliases: ['edit'],
  summary: 'change the last question and ask it again',
  async run(repl) {
    repl.edit(await lastQuestion(repl));
  },
};

const nothingSaid = 'nothing was said yet';

async function lastQuestion({ conversation }: Repl): Promise<Message> {
  await conversation.use();
  const messages = await conversation.newest(500);
  const question = messages.findLast(({ role }) => role === 'user');
  if (question === undefined) throw new UsageError(`There is no question: ${nothingSaid}.`);
  return question;
}

export const turnCommands = [retry, undo, editLast];
