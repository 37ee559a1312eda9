import { clipText, textOf, UsageError, type Message } from '@synapse/core';
import type { Repl } from '../repl.ts';
import type { ReplCommand } from '../repl-command.ts';

const retry: ReplCommand = {
  name: 'retry',
  aliases: ['regenerate'],
  argument: '[model]',
  summary:
    'ask the last question again, of another model if you name one; /variants has the earlier answer',
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
  summary: 'take back the last question and its answer; /redo brings them back',
  async run({ conversation, display }) {
    const [question] = await conversation.undo();
    display.say(
      question ? `taken back: ${clipText(textOf(question.parts), 60)} (/redo)` : nothingSaid,
    );
  },
};

const redo: ReplCommand = {
  name: 'redo',
  summary: 'bring back what /undo took back last',
  async run({ conversation, display }) {
    if (!(await conversation.redo())) {
      display.say('there is nothing to bring back');
      return;
    }
    const question = await conversation.lastQuestion();
    display.say(`brought back: ${clipText(textOf(question?.parts ?? []), 60)}`);
  },
};

const editLast: ReplCommand = {
  name: 'edit-last',
  aliases: ['edit'],
  summary: 'change the last question and ask it again; /variants has the earlier answer',
  async run(repl) {
    repl.edit(await lastQuestion(repl));
  },
};

const nothingSaid = 'nothing was said yet';

async function lastQuestion({ conversation }: Repl): Promise<Message> {
  await conversation.use();
  const question = await conversation.lastQuestion();
  if (question === undefined) throw new UsageError(`There is no question: ${nothingSaid}.`);
  return question;
}

export const turnCommands = [retry, undo, redo, editLast];
