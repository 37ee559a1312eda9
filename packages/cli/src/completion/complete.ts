import { toSafeText } from '@synapse/terminal';
import { commands, topics } from '../command-table.ts';
import { verbsOf } from '../dispatch.ts';
import type { Suggestion } from './suggestion.ts';
import { suggestForCommand } from './suggest-for-command.ts';

const HIDDEN = new Set(['ask']);

/**
 * The lines that a shell offers for the last of the words, which may be empty: a value, a tab, a
 * description. It sends no request, creates and migrates nothing, and offers nothing after a failure.
 */
export async function complete(
  words: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<string> {
  const current = words.at(-1) ?? '';
  try {
    const suggestions = await suggest(words.slice(0, -1), current, environment);
    return suggestions
      .filter(({ value }) => value.toLowerCase().startsWith(current.toLowerCase()))
      .map(({ value, description }) => `${toField(value)}\t${toField(description)}\n`)
      .join('');
  } catch {
    return '';
  }
}

async function suggest(
  before: readonly string[],
  current: string,
  environment: NodeJS.ProcessEnv,
): Promise<Suggestion[]> {
  const [first = '', second = ''] = before;
  if (before.length === 0 && !current.startsWith('-')) return firstWords();
  const pair = `${first} ${second}`;
  if (Object.hasOwn(commands, pair)) {
    return suggestForCommand(pair, before.slice(2), current, environment);
  }
  const topic = Object.hasOwn(topics, first) ? topics[first] : undefined;
  if (topic && before.length === 1 && !current.startsWith('-')) return verbsIn(first);
  const own = topic
    ? topic.index
    : first !== '' && Object.hasOwn(commands, first)
      ? first
      : undefined;
  if (topic && own === undefined) return [];
  return suggestForCommand(own ?? 'ask', before.slice(own ? 1 : 0), current, environment);
}

/** Without the summaries: they would load every command. */
function firstWords(): Suggestion[] {
  const alone = Object.keys(commands).filter((id) => !id.includes(' ') && !HIDDEN.has(id));
  return [
    ...alone.map((value) => ({ value, description: '' })),
    ...Object.entries(topics).map(([value, { summary }]) => ({ value, description: summary })),
  ];
}

async function verbsIn(topic: string): Promise<Suggestion[]> {
  return Promise.all(
    verbsOf(topic).map(async (value) => {
      const load = commands[`${topic} ${value}`];
      return { value, description: (await load?.())?.default.summary ?? '' };
    }),
  );
}

function toField(text: string): string {
  return toSafeText(text).replaceAll(/\s+/g, ' ').trim();
}
