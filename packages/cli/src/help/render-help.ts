import type { CommandClass } from '../base-command.ts';

interface Option {
  char?: string | undefined;
  description?: string | undefined;
  helpValue?: string | string[] | undefined;
  helpGroup?: string | undefined;
  options?: readonly string[] | undefined;
  default?: string | number | boolean | (() => unknown) | undefined;
  hidden?: boolean | undefined;
  type?: string;
  allowNo?: boolean;
}

interface Argument {
  name?: string;
  description?: string | undefined;
  required?: boolean | undefined;
}

/** What a command does, its arguments and flags, and examples. */
export function renderHelp(id: string, command: CommandClass): string {
  const own = Object.entries((command.flags as Record<string, Option> | undefined) ?? {});
  const shared = Object.entries(command.baseFlags as Record<string, Option>);
  const args = Object.entries(command.args as Record<string, Argument>);
  const words = args.map(([name, { required }]) => (required ? `<${name}>` : `[${name}]`));
  const usage = ['synapse', id, command.usage ?? [...words, '[flags]'].join(' ')];
  return [
    sentence(command.summary ?? ''),
    `\nUsage\n  ${usage.filter(Boolean).join(' ')}`,
    command.description && `\n${command.description}`,
    section(
      'Arguments',
      args.map(([name, { description = '' }]) => [name, description]),
    ),
    section('Flags', visible(own).map(describe)),
    section('Flags of every command', visible(shared).map(describe)),
    command.examples.length > 0
      ? `\nExamples\n${command.examples.map((example) => `  $ ${example}`).join('\n')}`
      : '',
  ]
    .filter(Boolean)
    .join('\n');
}

/** Two columns; the second begins where the longest entry of the first ends. */
export function section(title: string, rows: readonly (readonly [string, string])[]): string {
  if (rows.length === 0) return '';
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    `\n${title}`,
    ...rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`.trimEnd()),
  ].join('\n');
}

function visible(flags: [string, Option][]): [string, Option][] {
  return flags.filter(([, { hidden }]) => !hidden);
}

function describe([name, flag]: [string, Option]): [string, string] {
  const value = flag.type === 'boolean' ? '' : ` ${valueOf(flag)}`;
  const letter = flag.char ? `-${flag.char}, ` : '    ';
  const fallback =
    flag.default === undefined || typeof flag.default === 'function' || flag.type === 'boolean'
      ? ''
      : ` (default: ${flag.default})`;
  const long = flag.allowNo ? `--[no-]${name}` : `--${name}`;
  return [`${letter}${long}${value}`, `${flag.description ?? ''}${fallback}`];
}

function valueOf({ options, helpValue }: Option): string {
  return options ? `<${options.join('|')}>` : String(helpValue ?? '<value>');
}

function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}
