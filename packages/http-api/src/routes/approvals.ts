import { ApprovalNotFoundError } from '@synapse/core/server';
import { recordOf } from '@synapse/portability/json-schemas';
import { approvalToJson } from '@synapse/app/runs/run-json';
import * as v from 'valibot';
import { requireScope } from '../doors/identify.ts';
import { id } from '../fields.ts';
import { listOf } from '../openapi/components.ts';
import { jsonReply } from '../reply.ts';
import { defineRoute, type Route } from '../route.ts';

const tag = 'approvals';
const string = { type: 'string' };
const emptiable = { type: ['string', 'null'] };
const approval = recordOf({
  ...{ id: string, sessionId: string, runId: emptiable, callId: string },
  state: { enum: ['pending', 'decided', 'withdrawn', 'expired'] },
  ...{ answer: emptiable, decidedBy: emptiable, closedAt: emptiable },
  ...{ openedAt: string, expiresAt: string },
  question: recordOf({
    ...{ tool: string, effect: string, reason: string, askRule: emptiable },
    isInsisted: { type: 'boolean' },
    details: listOf(recordOf({ name: string, text: string })),
    ...{ warnings: listOf(string), rules: listOf(string) },
  }),
});

export const approvalRoutes: readonly Route[] = [
  defineRoute({
    ...{ method: 'GET', path: '/api/approvals', id: 'listApprovals', tag, scope: 'read' },
    summary: 'List the tool calls that wait for an approval, oldest first',
    description: 'Changes after `position` are not in the list.',
    query: { sessionId: v.optional(id('Only those of this session.')) },
    replies: {
      200: {
        description: 'The pending approvals.',
        schema: recordOf({ items: listOf(approval), position: { type: 'integer' } }),
      },
    },
    async handle({ caller: { store }, query }) {
      const position = await store.changes.position();
      const found = await store.approvals.pending(query);
      return jsonReply(200, { items: found.map(approvalToJson), position });
    },
  }),

  defineRoute({
    ...{ method: 'POST', path: '/api/approvals/{approvalId}/decision', id: 'decideApproval', tag },
    scope: 'tools',
    summary: 'Decide whether a tool call may run',
    description:
      'The first decision wins: repeating it is harmless, and another one fails with 409. `session` and `always` allow what `rules` of the question say; `always` changes the settings and needs the scope "admin". No answer allows what the settings deny.',
    params: { approvalId: id('The id of the approval.') },
    body: {
      kind: 'json',
      schema: v.strictObject({
        answer: v.pipe(
          v.picklist(['once', 'session', 'always', 'no']),
          v.description('What is allowed.'),
        ),
      }),
      example: { answer: 'once' },
    },
    replies: { 200: { description: 'The decided approval.', schema: approval } },
    async handle({ caller: { identity, store, app }, params, body }) {
      const { approvals } = store;
      if (!(await approvals.get(params.approvalId))) {
        throw new ApprovalNotFoundError(params.approvalId);
      }
      if (body.answer === 'always') requireScope(identity, 'admin');
      const by = identity.tokenId ?? 'local';
      const decided = await approvals.decide(params.approvalId, body.answer, by, app.clock.now());
      return jsonReply(200, approvalToJson(decided));
    },
  }),
];
