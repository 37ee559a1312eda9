import { UsageError } from '@synapse/core';
import { toSafeText } from '../../render/safe-text.ts';
import { wrapText } from '../../render/wrap.ts';
import type { ReplCommand } from '../repl-command.ts';

const help: ReplCommand = {
  name: 'help',
  argument: '[command]',
  summary: 'show what can be done here',
  async complete() {
    const { replCommands } = await import('./index.ts');
    return replCommands.map(({ name, summary }) => ({ value: name, description: summary }));
  },
  async run({ display }, argument) {
    const { replCommands } = await import('./index.ts');
    const name = argument.replace(/^\//, '');
    const wanted = replCommands.filter((command) => name === '' || command.name === name);
    if (wanted.length === 0) {
      throw new UsageError(`"/${name}" is not a command.`, { hint: '/help lists them all.' });
    }
    const lines = wanted.map((command) => {
      const usage = `/${command.name} ${command.argument ?? ''}`.trimEnd();
      const summary = wrapText(command.summary, display.columns - indent.length);
      return `${display.style.cyan(usage)}\n${indent}${summary.join(`\n${indent}`)}`;
    });
    const hints = name === '' ? keys.flatMap((line) => wrapText(line, display.columns)) : [];
    lines.push(...hints.map((line) => display.style.dim(line)));
    await display.page(`${lines.join('\n')}\n`);
  },
};

const indent = '    ';

const keys = [
  'Anything else is said to the model; // at the beginning says a slash.',
  'Backslash and Enter begin a new line; Ctrl-G opens the editor; Ctrl-R searches what you said.',
  'Ctrl-C stops an answer, which is kept; Ctrl-D leaves.',
];

const doctor: ReplCommand = {
  name: 'doctor',
  summary: 'look at settings, keys, database and files, and say how to mend them',
  async run({ app, display }) {
    const { checkSettings } = await import('../../doctor/check-settings.ts');
    const { checkStore } = await import('../../doctor/check-store.ts');
    const { checkProviders } = await import('../../doctor/check-providers.ts');
    const checks = [
      ...checkSettings(app),
      ...(await checkStore(app)),
      ...(await checkProviders(app, false)),
    ];
    const lines = checks.map(({ name, status, text, advice }) => {
      const line = toSafeText(`${status.padEnd(4)}  ${name}: ${text}`);
      return advice === null ? line : `${line}\n      ${toSafeText(advice)}`;
    });
    await display.page(`${lines.join('\n')}\n`);
  },
};

const exit: ReplCommand = {
  name: 'exit',
  summary: 'leave; the session stays',
  run: (repl) => repl.leave(),
};

export const generalCommands = [help, doctor, exit];
