import { getSession, reportContext } from '@synapse/core/conversation';
import { resolveProvider } from '@synapse/core/models';
import { recordOf } from '@synapse/portability/json-schemas';
import { chooseModel } from '@synapse/app/conversation/choose-model';
import { openContext } from '@synapse/app/conversation/open-context';
import { withWindow } from '@synapse/app/models/ask-window';
import * as v from 'valibot';
import { sessionId, text } from '../fields.ts';
import { jsonReply } from '../reply.ts';
import { defineRoute, type Route } from '../route.ts';

const count = { type: 'integer', minimum: 0 };
const countOrNull = { type: ['integer', 'null'], minimum: 0 };

export const contextRoutes: readonly Route[] = [
  defineRoute({
    ...{ method: 'GET', path: '/api/sessions/{sessionId}/context', tag: 'sessions' },
    ...{ id: 'getContext', scope: 'read' },
    summary: 'Read the content of the next request of a session, in tokens',
    description:
      'Counts are exact where the provider has reported them. Definitions of tools are not counted. Nothing is sent.',
    params: { sessionId },
    query: {
      provider: v.optional(text('The provider to count tokens for.')),
      model: v.optional(text('The model to count tokens for.')),
    },
    replies: {
      200: {
        description: 'The report.',
        schema: recordOf({
          ...{ sessionId: { type: 'string' }, provider: { type: 'string' } },
          ...{ model: { type: 'string' }, isEstimated: { type: 'boolean' } },
          ...{ budgetTokens: countOrNull, windowTokens: countOrNull, totalTokens: count },
          ...{ systemTokens: count, toolTokens: count, summaryTokens: count },
          ...{ pinnedTokens: count, messageTokens: count, attachmentTokens: count },
          ...{ messageCount: count, pinnedCount: count, summarySeq: count, leftOutSeq: count },
        }),
      },
    },
    async handle({ caller: { store, app }, params, query }) {
      const session = await getSession(store.sessions, params.sessionId);
      // Nothing is sent, so no key is needed.
      const sources = { ...app.providerSources, findStoredKey: async () => 'not-needed' };
      const resolved = await resolveProvider(chooseModel(query, session, app.settings), sources);
      const setup = await withWindow(resolved, app.settings);
      const report = await reportContext(openContext(app, store, session, setup));
      const { name: provider, model } = setup;
      return jsonReply(200, { sessionId: session.id, provider, model, ...report });
    },
  }),
];
