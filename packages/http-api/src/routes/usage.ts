import { parseMoment } from '@synapse/core';
import { getSession } from '@synapse/core/conversation';
import { orNull, recordOf } from '@synapse/portability/json-schemas';
import { collectStats, statsToJson } from '@synapse/app/sessions/session-stats';
import { readBudget } from '@synapse/app/usage/read-budget';
import { toUsageRows } from '@synapse/app/usage/usage-rows';
import * as v from 'valibot';
import { id, moment, text } from '../fields.ts';
import { listOf } from '../openapi/components.ts';
import { jsonReply } from '../reply.ts';
import { defineRoute, type Route } from '../route.ts';

const tag = 'usage';
const count = { type: 'integer', minimum: 0 };
const usd = { type: ['number', 'null'], minimum: 0 };
const name = { type: ['string', 'null'] };
const groupings = ['day', 'model', 'provider', 'session', 'tag', 'origin'] as const;
const spread = orNull(
  recordOf({ mean: { type: 'number' }, p95: { type: 'number' }, p99: { type: 'number' } }),
);

const row = recordOf({
  ...{ key: name, label: { type: 'string' }, costUsd: usd, failureRate: { type: 'number' } },
  ...{ answerCount: count, failedCount: count, interruptedCount: count },
  ...{ inputTokens: count, outputTokens: count, reasoningTokens: count },
  ...{ cacheReadTokens: count, cacheWriteTokens: count, unpricedCount: count },
  ...{ latencyMs: spread, timeToFirstTokenMs: spread },
});

const figures = {
  ...{ messageCount: count, turnCount: count, inputTokens: count, outputTokens: count },
  ...{ totalTokens: count, costUsd: usd, unpricedCount: count },
};

export const usageRoutes: readonly Route[] = [
  defineRoute({
    ...{ method: 'GET', path: '/api/usage', id: 'getUsage', tag, scope: 'read' },
    summary: 'Read the tokens, cost and time of answers, in groups',
    description:
      'Answers stay counted when their messages or sessions are deleted. Days are in UTC. A cost is null if no price is known.',
    query: {
      by: v.optional(v.pipe(v.picklist(groupings), v.description('What to group by.')), 'day'),
      since: moment('Answers since'),
      before: moment('Answers before'),
      sessionId: v.optional(id('Only answers of this session.')),
      origin: v.optional(
        text(
          'Other answers: `import` for imported ones, a tool for those from it, `any` for all; those made here without.',
        ),
      ),
    },
    replies: {
      200: {
        description: 'The groups.',
        schema: recordOf({ by: { enum: groupings }, items: listOf(row) }),
      },
    },
    async handle({ caller: { store, app }, query }) {
      const { by, since, before, sessionId, origin } = query;
      const now = app.clock.now();
      const groups = await store.usage.usage({
        ...{ by, sessionId, origin },
        since: since === undefined ? undefined : parseMoment('since', since, now),
        before: before === undefined ? undefined : parseMoment('before', before, now),
      });
      return jsonReply(200, { by, items: await toUsageRows(groups, by, store.sessions) });
    },
  }),

  defineRoute({
    ...{ method: 'GET', path: '/api/budget', id: 'getBudget', tag, scope: 'read' },
    summary: 'Read the cost limits, and what is left of them',
    description:
      'Only limits that are set. A day begins at midnight UTC. Imported answers do not count.',
    query: { sessionId: v.optional(id('Also compute what is left for this session.')) },
    replies: {
      200: {
        description: 'The limits.',
        schema: recordOf({
          items: listOf(
            recordOf({
              ...{ period: { enum: ['run', 'session', 'day'] }, setting: { type: 'string' } },
              ...{ limitUsd: { type: 'number' }, usedUsd: usd, leftUsd: usd },
            }),
          ),
        }),
      },
    },
    async handle({ caller: { store, app }, query }) {
      if (query.sessionId !== undefined) await getSession(store.sessions, query.sessionId);
      return jsonReply(200, { items: await readBudget(app, store.usage, query) });
    },
  }),

  defineRoute({
    ...{ method: 'GET', path: '/api/stats', id: 'getStats', tag, scope: 'read' },
    summary: 'Read the totals of sessions, messages, tokens and cost, by model',
    replies: {
      200: {
        description: 'The totals. Messages include those in the trash.',
        schema: recordOf({
          ...{ livingCount: count, archivedCount: count, pinnedCount: count, trashedCount: count },
          ...figures,
          models: listOf(
            recordOf({ provider: name, model: name, sessionCount: count, ...figures }),
          ),
        }),
      },
    },
    async handle({ caller: { store } }) {
      return jsonReply(200, statsToJson(await collectStats(store.usage)));
    },
  }),
];
