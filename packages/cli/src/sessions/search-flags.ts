import * as Flags from '@oclif/core/flags';
import {
  isEmptyQuery,
  parseMoment,
  parseSearchQuery,
  UsageError,
  type SearchQuery,
} from '@synapse/core';
import { pageFlags } from './session-flags.ts';

export const searchFlags = {
  role: Flags.option({ options: ['user', 'assistant', 'tool'] as const })({
    description: 'messages of this role',
  }),
  tag: Flags.string({ helpValue: '<tag>', description: 'in sessions with this tag' }),
  model: Flags.string({ char: 'm', helpValue: '<name>', description: 'answered by this model' }),
  since: Flags.string({ helpValue: '<time>', description: 'messages since: 2026-01-31, 7d' }),
  before: Flags.string({ helpValue: '<time>', description: 'messages before: 2026-01-31, 7d' }),
  variants: Flags.boolean({
    description:
      'also in turns that are not part of the conversation: earlier answers and undone turns',
  }),
  ...pageFlags,
};

/** The query of words and flags together; a flag overrides a filter of the same name. */
export function toSearchQuery(
  words: readonly string[],
  flags: {
    role?: SearchQuery['role'];
    tag?: string | undefined;
    model?: string | undefined;
    since?: string | undefined;
    before?: string | undefined;
    variants: boolean;
  },
  { now, warn }: { now: Date; warn: (text: string) => void },
): SearchQuery {
  const { role, tag, model, since, before, variants } = flags;
  const query = {
    ...parseSearchQuery(words.join(' '), now, warn),
    variants,
    ...(role && { role }),
    ...(tag !== undefined && { tag }),
    ...(model !== undefined && { model }),
    ...(since !== undefined && { since: parseMoment('--since', since, now) }),
    ...(before !== undefined && { before: parseMoment('--before', before, now) }),
  };
  if (!isEmptyQuery(query)) return query;
  throw new UsageError('There is nothing to search for.', {
    hint: 'Give a word with a letter or digit, or a filter.',
  });
}
