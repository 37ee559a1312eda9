import * as Flags from '@oclif/core/flags';
import { fromMessageCursor, type MessageChoice } from '@synapse/app/sessions/pick-messages';
import { jsonFlag } from '../shared-flags.ts';

export const DEFAULT_MESSAGE_COUNT = 100;

const countFlag = (description: string, options: object = {}) =>
  Flags.integer({ min: 1, max: 1_000_000, helpValue: '<count>', description, ...options });

/** Which messages of a session to show, and how. */
export const showFlags = {
  head: countFlag('number of messages from the beginning', { exclusive: ['tail', 'limit', 'all'] }),
  tail: countFlag('number of messages from the end', { exclusive: ['head', 'limit', 'all'] }),
  limit: countFlag('the same as --tail, or the page size with --cursor; 100 by default', {
    char: 'n',
    exclusive: ['head', 'tail', 'all'],
  }),
  all: Flags.boolean({
    description: 'every message',
    exclusive: ['head', 'tail', 'limit', 'cursor'],
  }),
  cursor: Flags.string({
    helpValue: '<cursor>',
    description: 'continue after an earlier page: its nextCursor, like before-201',
    exclusive: ['head', 'tail', 'all'],
  }),
  reasoning: Flags.boolean({ description: 'also the reasoning of the model' }),
  pager: Flags.boolean({
    allowNo: true,
    default: true,
    description: 'show output longer than the screen in $PAGER',
  }),
  variants: Flags.boolean({
    description:
      'also turns that are not part of the conversation: earlier answers and undone turns',
  }),
  ...jsonFlag,
};

/** The messages that the flags choose. */
export function toMessageChoice(flags: {
  head?: number | undefined;
  tail?: number | undefined;
  limit?: number | undefined;
  cursor?: string | undefined;
  all: boolean;
  variants: boolean;
}): MessageChoice {
  const turns = flags.variants ? 'all' : 'active';
  if (flags.all) return { end: 'head', count: Infinity, turns };
  const count = flags.head ?? flags.tail ?? flags.limit ?? DEFAULT_MESSAGE_COUNT;
  if (flags.cursor !== undefined) return { ...fromMessageCursor(flags.cursor), count, turns };
  return { end: flags.head === undefined ? 'tail' : 'head', count, turns };
}
