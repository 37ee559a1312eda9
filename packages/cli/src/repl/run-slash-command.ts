import { nearest } from '@synapse/config';
import { UsageError } from '@synapse/core';
import { replCommands } from './commands/index.ts';
import type { Repl } from './repl.ts';
import type { ReplCommand } from './repl-command.ts';

/** Parses a line: a command, or a prompt; two slashes send one to the model. A bare exit is the command. */
export type Input =
  { type: 'prompt'; text: string } | { type: 'command'; name: string; rest: string };

export function parseInput(line: string): Input {
  if (line.startsWith('//')) return { type: 'prompt', text: line.slice(1) };
  if (/^(exit|quit)\s*$/.test(line)) return { type: 'command', name: 'exit', rest: '' };
  const [, name, rest = ''] = /^\/(\S*)\s*([^]*)$/.exec(line) ?? [];
  return name === undefined ? { type: 'prompt', text: line } : { type: 'command', name, rest };
}

/** The command of this name, or the one that other programs call so. */
export function findCommand(name: string): ReplCommand | undefined {
  return (
    replCommands.find((command) => command.name === name) ??
    replCommands.find(({ aliases = [] }) => aliases.includes(name))
  );
}

/** The line that sends the text. */
export function toLine(text: string): string {
  return text.startsWith('/') ? `/${text}` : text;
}

/** Runs a command; an unknown one is never sent to the model. */
export async function runSlashCommand(repl: Repl, name: string, rest: string): Promise<void> {
  const command = findCommand(name);
  if (command !== undefined) {
    if (command.argument === undefined && rest.trim() !== '') {
      throw new UsageError(`/${name} takes no arguments.`);
    }
    await command.run(repl, rest.trim());
    return;
  }
  const { runTemplate } = await import('./run-template.ts');
  if (await runTemplate(repl, name, rest.trim())) return;
  const similar = nearest(
    name,
    replCommands.map((candidate) => candidate.name),
  );
  throw new UsageError(`"/${name.slice(0, 40)}" is not a command.`, {
    hint: similar
      ? `Did you mean /${similar}? To send it to the model, begin with two slashes.`
      : '/help lists them. To send it to the model, begin with two slashes.',
  });
}
