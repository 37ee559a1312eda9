import { UsageError } from '@synapse/core';
import { toSafeText, wrapText } from '@synapse/terminal';
import type { Display } from '../display.ts';
import type { ReplCommand } from '../repl-command.ts';

const help: ReplCommand = {
  name: 'help',
  aliases: ['?', 'commands'],
  argument: '[command]',
  summary: 'list the commands and keys',
  async complete() {
    const { replCommands } = await import('./index.ts');
    return replCommands.map(({ name, summary }) => ({ value: name, description: summary }));
  },
  async run({ display }, argument) {
    const { replCommands } = await import('./index.ts');
    const name = argument.replace(/^\//, '');
    const wanted = replCommands.filter(
      (command) => name === '' || command.name === name || command.aliases?.includes(name),
    );
    if (wanted.length === 0) {
      throw new UsageError(`"/${name}" is not a command.`, { hint: '/help lists them all.' });
    }
    const lines = wanted.map((command) => toEntry(command, display));
    const hints = name === '' ? keys.flatMap((line) => wrapText(line, display.columns)) : [];
    lines.push(...hints.map((line) => display.style.dim(line)));
    await display.page(`${lines.join('\n')}\n`);
  },
};

const NAMES_WIDTH = 24;

/** Name and summary side by side if there is room, otherwise one below the other. */
function toEntry({ name, argument, summary }: ReplCommand, { columns, style }: Display): string {
  const usage = `/${name} ${argument ?? ''}`.trimEnd();
  const isWide = columns >= 3 * NAMES_WIDTH;
  const indent = ' '.repeat(isWide ? NAMES_WIDTH : 4);
  const lines = wrapText(summary, columns - indent.length).join(`\n${indent}`);
  const isBeside = isWide && usage.length < NAMES_WIDTH - 1;
  const gap = isBeside ? ' '.repeat(NAMES_WIDTH - usage.length) : `\n${indent}`;
  return `${style.cyan(usage)}${gap}${lines}`;
}

const keys = [
  'Anything else is sent to the model; // at the beginning sends a slash.',
  'Backslash and Enter start a new line; Ctrl-G opens the editor; Ctrl-R searches your earlier input.',
  'Esc or Ctrl-C stops an answer and keeps it, and sends nothing; exit or Ctrl-D exits.',
];

const doctor: ReplCommand = {
  name: 'doctor',
  summary: 'check settings, keys, database and files, and suggest fixes',
  async run({ app, display }) {
    const { checkSettings } = await import('@synapse/app/doctor/check-settings');
    const { checkStore } = await import('@synapse/app/doctor/check-store');
    const { checkProviders } = await import('@synapse/app/doctor/check-providers');
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
  aliases: ['quit', 'q'],
  summary: 'exit; the session stays stored',
  run: (repl) => repl.leave(),
};

export const generalCommands = [help, doctor, exit];
