import { commands } from '../command-table.ts';
import type { Suggestion } from './suggestion.ts';
import { suggestValues } from './suggest-values.ts';

interface Flag {
  type: 'boolean' | 'option';
  char?: string | undefined;
  description?: string | undefined;
  options?: readonly string[] | undefined;
  hidden?: boolean | undefined;
}

/** The flags of a command, the values of the flag before, or what its arguments may be. */
export async function suggestForCommand(
  id: string,
  words: readonly string[],
  current: string,
  environment: NodeJS.ProcessEnv,
): Promise<Suggestion[]> {
  const load = commands[id];
  if (!load || words.includes('--')) return [];
  const { default: command } = await load();
  const flags: Record<string, Flag> = { ...command.baseFlags, ...command.flags };
  const previous = words.at(-1) ?? '';
  const [name, flag] = flagOf(previous, flags) ?? [];
  const question = { id, words, environment };
  if (name !== undefined && flag?.type === 'option') {
    return flag.options
      ? flag.options.map((value) => ({ value, description: '' }))
      : suggestValues(name, question);
  }
  if (current.startsWith('-')) {
    return Object.entries(flags)
      .filter(([, { hidden }]) => !hidden)
      .map(([long, { description = '' }]) => ({ value: `--${long}`, description }));
  }
  const names = Object.keys(command.args);
  const index = positionalsIn(words, flags);
  // A command that takes any number of words takes more of its last argument.
  const argument = names[index] ?? (command.strict ? undefined : names.at(-1));
  return argument === undefined ? [] : suggestValues(argument, question);
}

function flagOf(word: string, flags: Record<string, Flag>): [string, Flag] | undefined {
  return Object.entries(flags).find(
    ([name, { char }]) => word === `--${name}` || (char !== undefined && word === `-${char}`),
  );
}

function positionalsIn(words: readonly string[], flags: Record<string, Flag>): number {
  return words.filter((word, index) => {
    const [, before] = flagOf(words[index - 1] ?? '', flags) ?? [];
    return !word.startsWith('-') && before?.type !== 'option';
  }).length;
}
