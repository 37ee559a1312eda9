import { Readable } from 'node:stream';
import { expandHome } from '@synapse/config';
import { textOf, UsageError, type Message } from '@synapse/core';
import { exportSessions } from '@synapse/portability';
import { formatNameFor, loadFormat } from '@synapse/app/sessions/export-formats';
import { writeFileSafely } from '@synapse/app/sessions/write-file-safely';
import { completePath } from '../complete-path.ts';
import { shortId } from '@synapse/app/sessions/short-ids';
import type { Repl } from '../repl.ts';
import type { ReplCommand } from '../repl-command.ts';

const exportAll: ReplCommand = {
  name: 'export',
  argument: '[file]',
  summary:
    'export the session to a file, in the format of its extension: .md, .json, .html or .txt',
  complete: (_repl, typed) => completePath(typed),
  async run({ app, conversation, store, display }, path) {
    const { session } = conversation;
    if (session === null)
      throw new UsageError('There is nothing to export: there are no messages yet.');
    const file = path || `${session.handle?.replaceAll('/', '-') ?? shortId(session.id)}.md`;
    const format = await loadFormat(formatNameFor(file, false));
    await writeNew(app, file, exportSessions(store, [session], { format }));
    display.notify(`wrote ${file}`);
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
    display.notify('copied, if this terminal lets programs use the clipboard; /save writes a file');
  },
};

const save: ReplCommand = {
  name: 'save',
  argument: '<file>',
  summary: 'write the last answer to a file',
  complete: (_repl, typed) => completePath(typed),
  async run(repl, file) {
    if (file === '') throw new UsageError('/save needs a file.');
    const text = textOf((await lastAnswer(repl)).parts);
    await writeNew(repl.app, file, Readable.from([text.endsWith('\n') ? text : `${text}\n`]));
    repl.display.notify(`wrote ${file}`);
  },
};

async function writeNew(
  { environment }: Repl['app'],
  file: string,
  texts: AsyncIterable<string>,
): Promise<void> {
  const { signal } = new AbortController();
  await writeFileSafely(expandHome(file, environment), texts, { isForced: false, signal });
}

async function lastAnswer({ conversation }: Repl): Promise<Message> {
  const messages = await conversation.newest(100);
  const answer = messages.findLast(({ role, parts }) => role === 'assistant' && textOf(parts));
  if (answer === undefined) throw new UsageError('There is no answer yet.');
  return answer;
}

export const outputCommands = [exportAll, copy, save];
