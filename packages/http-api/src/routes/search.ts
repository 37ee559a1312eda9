import {
  isEmptyQuery,
  parseMoment,
  parseSearchQuery,
  UsageError,
  type SearchQuery,
} from '@synapse/core';
import { recordOf } from '@synapse/portability/json-schemas';
import * as v from 'valibot';
import { cursor, flag, limit, moment, text } from '../fields.ts';
import { listOf } from '../openapi/components.ts';
import { jsonReply } from '../reply.ts';
import { defineRoute, type Route } from '../route.ts';
import { exampleId } from './examples.ts';

const string = { type: 'string' };
const stringOrNull = { type: ['string', 'null'] };

const hit = recordOf({
  ...{ sessionId: string, sessionTitle: stringOrNull, sessionHandle: stringOrNull },
  ...{ messageId: string, seq: { type: 'integer' }, createdAt: string },
  role: { enum: ['user', 'assistant', 'tool'] },
  active: { type: 'boolean' },
  snippet: listOf(recordOf({ text: string, isMatch: { type: 'boolean' } })),
});

const exampleHit = {
  ...{ sessionId: exampleId, sessionTitle: 'Trip to Lisbon', sessionHandle: 'lisbon' },
  ...{ messageId: exampleId, seq: 2, createdAt: '2026-01-31T09:31:00.000Z' },
  ...{ role: 'assistant', active: true },
  snippet: [
    { text: 'Take the ', isMatch: false },
    { text: 'train', isMatch: true },
  ],
};

export const searchRoutes: readonly Route[] = [
  defineRoute({
    ...{ method: 'GET', path: '/api/search', id: 'searchMessages', tag: 'search' },
    scope: 'read',
    summary: 'Search the messages of all sessions outside the trash',
    description:
      'A message matches if it contains all the words. Also: "a phrase", -without, this OR that, begin*, and the filters role:, tag:, model:, origin:, since: and before:.',
    query: {
      q: text('The words to search for.', 8192),
      ...{ limit, cursor },
      role: v.optional(
        v.pipe(v.picklist(['user', 'assistant', 'tool']), v.description('Of this role.')),
      ),
      tag: v.optional(text('In sessions with this tag.')),
      model: v.optional(text('Answered by this model.')),
      since: moment('Messages since'),
      before: moment('Messages before'),
      variants: v.optional(flag('Also turns that are not part of the conversation.'), false),
    },
    replies: {
      200: {
        description: 'A page of matches, the best first, and notices about the words.',
        schema: recordOf({
          ...{ items: listOf(hit), nextCursor: stringOrNull, notices: listOf(string) },
        }),
        example: { items: [exampleHit], nextCursor: null, notices: [] },
      },
    },
    async handle({ caller: { store, app }, query }) {
      const notices: string[] = [];
      const { limit, cursor, ...words } = query;
      const wanted = toSearchQuery(words, app.clock.now(), (notice) => notices.push(notice));
      const page = await store.search.search(wanted, { limit, cursor });
      return jsonReply(200, { ...page, notices });
    },
  }),
];

/** A parameter overrides the filter of the same name in `q`. */
function toSearchQuery(
  words: {
    q: string;
    role?: SearchQuery['role'];
    tag?: string | undefined;
    model?: string | undefined;
    since?: string | undefined;
    before?: string | undefined;
    variants: boolean;
  },
  now: Date,
  notify: (notice: string) => void,
): SearchQuery {
  const { q, role, tag, model, since, before, variants } = words;
  const query: SearchQuery = {
    ...parseSearchQuery(q, now, notify),
    variants,
    ...(role && { role }),
    ...(tag !== undefined && { tag }),
    ...(model !== undefined && { model }),
    ...(since !== undefined && { since: parseMoment('since', since, now) }),
    ...(before !== undefined && { before: parseMoment('before', before, now) }),
  };
  if (!isEmptyQuery(query)) return query;
  throw new UsageError('There is nothing to search for.', {
    hint: 'Give a word with a letter or digit, or a filter.',
  });
}
