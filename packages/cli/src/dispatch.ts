import { UsageError } from '@synapse/core';
import { commands, topics } from './command-table.ts';
import { rejectMistypedCommand, suggestVerb } from './command-suggestions.ts';

export interface Dispatch {
  id: string;
  rest: string[];
}

/** Finds the command: the longest that the words begin with; other words are a prompt. */
export function dispatch(argv: readonly string[]): Dispatch {
  const [first = '', second = ''] = argv;
  if (['--help', '-h'].includes(first)) return { id: 'help', rest: argv.slice(1) };
  const pair = `${first} ${second}`;
  if (Object.hasOwn(commands, pair)) return { id: pair, rest: argv.slice(2) };
  if (first !== 'ask' && Object.hasOwn(commands, first)) return { id: first, rest: argv.slice(1) };
  const reordered = moveGlobalFlags(argv);
  if (reordered) return dispatch(reordered);
  refuseFlagsBefore(argv);
  const topic = Object.hasOwn(topics, first) ? topics[first] : undefined;
  if (!topic) {
    rejectMistypedCommand(argv);
    return { id: 'ask', rest: first === 'ask' ? argv.slice(1) : [...argv] };
  }

  if (second === '--help' || second === '-h') return { id: 'help', rest: [first] };
  if (topic.index && (second === '' || second.startsWith('-'))) {
    return { id: topic.index, rest: argv.slice(1) };
  }
  const verbs = verbsOf(first);
  const similar = suggestVerb(second, verbs);
  throw new UsageError(
    second === '' ? `"${first}" needs a command.` : `"${pair}" is not a command.`,
    {
      hint: similar
        ? `Did you mean "synapse ${first} ${similar}"?`
        : `Its commands: ${verbs.join(', ')}. To send these words to a model: synapse -- ${argv.join(' ')}`,
    },
  );
}

const GLOBAL_SWITCH = /^(-v|--verbose|--json|--(database|color)=.*)$/;
const GLOBAL_WITH_VALUE = /^--(database|color)$/;

/** `--json sessions list` with its flags after the command; undefined if no command follows them. */
function moveGlobalFlags(argv: readonly string[]): string[] | undefined {
  let count = 0;
  for (let word = argv[0]; word !== undefined; word = argv[count]) {
    if (GLOBAL_SWITCH.test(word)) count += 1;
    else if (GLOBAL_WITH_VALUE.test(word)) count += 2;
    else break;
  }
  const [word = '', next, ...rest] = argv.slice(count);
  if (count === 0 || word === '') return undefined;
  const flags = argv.slice(0, count);
  if (next !== undefined && Object.hasOwn(commands, `${word} ${next}`)) {
    return [word, next, ...flags, ...rest];
  }
  // A single word may be a command; with words after it, it begins a prompt.
  const isAlone = next === undefined || /^-(?!-$)./.test(next);
  return isAlone && isCommandWord(word) ? [word, ...flags, ...argv.slice(count + 1)] : undefined;
}

function isCommandWord(word: string): boolean {
  return Object.hasOwn(topics, word) || (word !== 'ask' && Object.hasOwn(commands, word));
}

/** `-q sessions list` is a mistake, not a prompt worth paying for. */
function refuseFlagsBefore(argv: readonly string[]): void {
  if (!/^-./.test(argv[0] ?? '') || argv[0] === '--') return;
  for (const [index, word] of argv.entries()) {
    if (word === '--') return;
    const isFlag = word.startsWith('-');
    const mayBeValue = argv[index - 1]?.startsWith('-') === true;
    const command = commandAt(argv, index);
    if (command !== undefined) {
      const flags = argv.slice(0, index);
      const rest = argv.slice(index + command.length);
      throw new UsageError(`Put these flags after the command "${command.join(' ')}".`, {
        hint: [
          `Write: ${['synapse', ...command, ...rest, ...flags].join(' ')}`,
          `To send these words to a model: ${['synapse', ...flags, '--', ...command, ...rest].join(' ')}`,
        ].join('\n'),
      });
    }
    if (!isFlag && !mayBeValue) return;
  }
}

const SWITCHES = /^(-[vq]+|--(verbose|quiet|json)|--\w+=.*)$/;

/** The words of a command that begins here; a single word is one only if it is the last and not a value. */
function commandAt(argv: readonly string[], index: number): string[] | undefined {
  const [word = '', next = ''] = argv.slice(index, index + 2);
  if (Object.hasOwn(commands, `${word} ${next}`)) return [word, next];
  const isAlone = index === argv.length - 1 && SWITCHES.test(argv[index - 1] ?? '');
  return isAlone && isCommandWord(word) ? [word] : undefined;
}

export function verbsOf(topic: string): string[] {
  return Object.keys(commands)
    .filter((id) => id.startsWith(`${topic} `))
    .map((id) => id.slice(topic.length + 1));
}
