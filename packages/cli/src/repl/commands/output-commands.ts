import { textOf, UsageError, type Message } from '@synapse/core';
import { completePath } from '../complete-path.ts';
import { shortId } from '../describe-session.ts';
import { exportSession } from '../export-session.ts';
import type { Repl } from '../repl.ts';
import type { ReplCommand } from '../repl-command.ts';
import { writeNewFile } from '../write-new-file.ts';

const exportAll: ReplCommand = {
  name: 'export',
  argument: '[file]',
  summary: 'write the session into a file: Markdown, or JSON if its name ends so',
  complete: (_repl, typed) => completePath(typed),
  async run({ conversation, store, display }, path) {
    const { session } = conversation;
    if (session === null) throw new UsageError('There is nothing to export: nothing was said yet.');
    const file = path || `${session.handle?.replaceAll('/', '-') ?? shortId(session.id)}.md`;
    await writeNewFile(file, exportSession(store.sessions, session, file.endsWith('.json')));
    display.say(`wrote ${file}`);
  },
};

const copy: ReplCommand = {
  name: 'copy',
  summary: 'copy the last answer to the clipboard, through the terminal',
  async run(repl) {
    const { display } = repl;
    const text = textOf((await lastAnswer(repl)).parts);
    if (!display.isTerminal) {
      throw new UsageError('/copy needs a terminal.', { hint: '/save writes a file.' });
    }
    const encoded = Buffer.from(text).toString('base64');
    display.options.stdout.write(`\u001b]52;c;${encoded}\u0007`);
    display.say('copied, if this terminal lets programs use the clipboard; /save writes a file');
  },
};

const save: ReplCommand = {
  name: 'save',
  argument: '<file>',
  summary: 'write the last answer into a file',
  complete: (_repl, typed) => completePath(typed),
  async run(repl, file) {
    if (file === '') throw new UsageError('/save needs a file.');
    const text = textOf((await lastAnswer(repl)).parts);
    await writeNewFile(file, [text.endsWith('\n') ? text : `${text}\n`]);
    repl.display.say(`wrote ${file}`);
  },
};

async function lastAnswer({ conversation }: Repl): Promise<Message> {
  const messages = await conversation.newest(100);
  const answer = messages.findLast(({ role, parts }) => role === 'assistant' && textOf(parts));
  if (answer === undefined) throw new UsageError('There is no answer yet.');
  return answer;
}

export const outputCommands = [exportAll, copy, save];
