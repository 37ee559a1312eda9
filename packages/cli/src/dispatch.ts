import { nearest } from '@synapse/config';
import { UsageError } from '@synapse/core';
import { commands, topics } from './commands/index.ts';

export interface Dispatch {
  id: string;
  rest: string[];
}

/** Finds the command that is meant: the longest that the words begin with, otherwise a prompt. */
export function dispatch(argv: readonly string[]): Dispatch {
  const [first = '', second = ''] = argv;
  if (['--help', '-h'].includes(first)) return { id: 'help', rest: argv.slice(1) };
  const pair = `${first} ${second}`;
  if (Object.hasOwn(commands, pair)) return { id: pair, rest: argv.slice(2) };
  if (first !== 'ask' && Object.hasOwn(commands, first)) return { id: first, rest: argv.slice(1) };
  const topic = Object.hasOwn(topics, first) ? topics[first] : undefined;
  if (!topic) return { id: 'ask', rest: first === 'ask' ? argv.slice(1) : [...argv] };

  if (second === '--help' || second === '-h') return { id: 'help', rest: [first] };
  if (topic.index && (second === '' || second.startsWith('-'))) {
    return { id: topic.index, rest: argv.slice(1) };
  }
  const verbs = verbsOf(first);
  const similar = nearest(second, verbs);
  throw new UsageError(
    second === '' ? `"${first}" needs a command.` : `"${pair}" is not a command.`,
    {
      hint: similar
        ? `Did you mean "synapse ${first} ${similar}"?`
        : `It has: ${verbs.join(', ')}. To ask a model these words: synapse -- ${argv.join(' ')}`,
    },
  );
}

export function verbsOf(topic: string): string[] {
  return Object.keys(commands)
    .filter((id) => id.startsWith(`${topic} `))
    .map((id) => id.slice(topic.length + 1));
}
