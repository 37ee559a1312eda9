import { leavesOf, schema } from '@synapse/config';
import { redactSecrets, UsageError } from '@synapse/core';
import { toSafeText, createStyle } from '@synapse/terminal';
import type { ReplCommand } from '../repl-command.ts';

const verbose: ReplCommand = {
  name: 'verbose',
  argument: '[on|off]',
  summary: 'show or hide tokens and cost after each answer',
  complete: () => [{ value: 'on' }, { value: 'off' }],
  run({ display }, argument) {
    if (!['', 'on', 'off'].includes(argument)) {
      throw new UsageError('/verbose takes "on" or "off".');
    }
    display.isVerbose = argument === '' ? !display.isVerbose : argument === 'on';
    display.notify(
      display.isVerbose
        ? 'tokens and cost are shown after each answer'
        : 'tokens and cost are hidden',
    );
  },
};

const thinking: ReplCommand = {
  name: 'thinking',
  argument: '[on|off]',
  summary:
    'show the reasoning of the model as it streams, or only how long it took; without an argument, show the last',
  complete: () => [{ value: 'on' }, { value: 'off' }],
  async run({ display, conversation }, argument) {
    if (!['', 'on', 'off'].includes(argument)) {
      throw new UsageError('/thinking takes "on" or "off".');
    }
    if (argument !== '') {
      display.showsReasoning = argument === 'on';
      display.notify(display.showsReasoning ? 'reasoning is shown' : 'reasoning is collapsed');
      return;
    }
    const thoughts = (await conversation.newest(100))
      .findLast(({ parts }) => parts.some(({ type }) => type === 'reasoning'))
      ?.parts.flatMap((part) => (part.type === 'reasoning' ? part.text : []));
    if (!thoughts) display.notify('no reasoning is stored for the last messages');
    else await display.page(`${display.style.dim(toSafeText(thoughts.join('\n\n')))}\n`);
  },
};

const config: ReplCommand = {
  name: 'config',
  aliases: ['settings'],
  summary: 'show the settings that are not at their default, and where they come from',
  run({ app, display }) {
    const secrets = leavesOf(schema).filter(([, leaf]) => leaf.sensitive);
    const isSecret = (key: string) => secrets.some(([name]) => name === key);
    const lines = [...app.origins].map(([key, { source, name }]) => {
      const value = isSecret(key) ? '(hidden)' : valueAt(app.settings, key);
      return `${key} = ${value}  (${source} ${name})`;
    });
    if (lines.length === 0) lines.push('every setting is at its default');
    display.print(redactSecrets(toSafeText(`${[`file: ${app.file}`, ...lines].join('\n')}\n`)));
  },
};

/** Nested values may contain keys and are only counted. */
function valueAt(settings: object, key: string): string {
  let value: unknown = settings;
  for (const name of key.split('.')) {
    if (typeof value !== 'object' || value === null) return '';
    value = (value as Record<string, unknown>)[name];
  }
  if (Array.isArray(value) || typeof value !== 'object' || value === null)
    return JSON.stringify(value);
  return `(${Object.keys(value).length} entries)`;
}

const themes = {
  color: 'colours and rendered Markdown',
  mono: 'rendered Markdown without colours',
  raw: 'Markdown as it was written',
};

const theme: ReplCommand = {
  name: 'theme',
  argument: '[color|mono|raw]',
  summary: 'choose how answers look',
  complete: () => Object.entries(themes).map(([value, description]) => ({ value, description })),
  run({ display }, name) {
    if (name !== '' && !Object.hasOwn(themes, name)) {
      throw new UsageError(`"${name.slice(0, 40)}" is not a theme.`, {
        hint: `Choose one of: ${Object.keys(themes).join(', ')}.`,
      });
    }
    if (name !== '') {
      display.isRaw = name === 'raw';
      display.switchStyle(createStyle(name === 'color'));
    }
    const current = display.isRaw ? 'raw' : display.style.hasColor ? 'color' : 'mono';
    display.notify(`answers are shown with: ${themes[current]}`);
  },
};

export const displayCommands = [verbose, thinking, config, theme];
