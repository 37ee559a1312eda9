import type { JsonObject, Message, Store } from '@synapse/core';
import type { Run } from '@synapse/core/server';
import { pickLastTurn } from '@synapse/app/sessions/pick-last-turn';
import { withLease } from '@synapse/app/sessions/with-lease';
import { recordOf } from '@synapse/portability/json-schemas';
import * as v from 'valibot';
import { responsesDialect } from '../dialects/dialect.ts';
import { errorForm } from '../dialects/error-form.ts';
import { InvalidRequestError } from '../dialects/client-fields.ts';
import { toResponseId } from '../dialects/responses/responses-document.ts';
import { toStoredResponse } from '../dialects/responses/stored-response.ts';
import { text } from '../fields.ts';
import { HttpError } from '../problems/http-error.ts';
import { jsonReply } from '../reply.ts';
import { defineRoute, type Route } from '../route.ts';

const tag = 'dialects';
const errors = errorForm(responsesDialect);
const RESPONSE = /^resp_([0-9a-f-]{36})$/;
const params = { responseId: text('The id of the response.') };
const response = { type: 'object' };
const ignored = v.optional(text('Ignored.'));

export const responseRoutes: readonly Route[] = [
  defineRoute({
    ...{ method: 'GET', path: '/v1/responses/{responseId}', id: 'getResponse', tag },
    ...{ scope: 'read', errors, params },
    summary: 'Get a response, which may still be in progress',
    description: 'The options of its request are not stored, so their defaults are returned.',
    query: {
      ...{ include: ignored, 'include[]': ignored, starting_after: ignored },
      include_obfuscation: ignored,
      stream: v.optional(v.pipe(v.boolean(), v.description('Must be false: poll instead.'))),
    },
    replies: { 200: { description: 'The response.', schema: response } },
    async handle({ caller: { store }, params: { responseId }, query }) {
      if (query.stream) throw new InvalidRequestError('stream', 'must be false: poll instead.');
      return jsonReply(200, documentOf(await findResponse(store, responseId)));
    },
  }),

  defineRoute({
    ...{ method: 'POST', path: '/v1/responses/{responseId}/cancel', id: 'cancelResponse', tag },
    ...{ scope: 'write', errors, params },
    summary: 'Cancel a response in the background',
    description: 'On whichever server it is made. Does nothing if it has ended.',
    replies: { 200: { description: 'The response.', schema: response } },
    async handle({ caller: { store }, service, params: { responseId } }) {
      const { answerId, run } = await findResponse(store, responseId);
      if (!run) {
        throw new HttpError('INVALID_REQUEST', 'Only a response in the background is cancelled.', {
          hint: 'Close the connection of any other one.',
        });
      }
      await store.runs.requestCancel(run.id);
      service.background.cancel(answerId);
      const found = await findResponse(store, responseId);
      const isEnding = found.run?.outcome === null;
      return jsonReply(200, { ...documentOf(found), ...(isEnding && { status: 'cancelled' }) });
    },
  }),

  defineRoute({
    ...{ method: 'DELETE', path: '/v1/responses/{responseId}', id: 'deleteResponse', tag },
    ...{ scope: 'write', errors, params },
    summary: 'Take a response out of its conversation',
    description: 'It must be in the last turn. Its messages stay stored, as after an undo.',
    replies: {
      200: {
        description: 'It is taken out.',
        schema: recordOf({
          ...{ id: { type: 'string' }, object: { const: 'response' }, deleted: { const: true } },
        }),
      },
    },
    async handle({ caller: { store, app }, params: { responseId } }) {
      const { sessionId, answer } = await findResponse(store, responseId);
      if (!answer) throw new HttpError('INVALID_REQUEST', 'The response has not begun yet.');
      await withLease(app, store, sessionId, async (lease) => {
        const last = (await pickLastTurn(store.sessions, sessionId)).at(-1);
        if (last?.turn !== answer.turn) {
          throw new HttpError('INVALID_REQUEST', 'Later turns build on this response.', {
            hint: 'Delete those first.',
          });
        }
        await store.sessions.undoTurn(sessionId, lease);
      });
      return jsonReply(200, { id: responseId, object: 'response', deleted: true });
    },
  }),
];

interface FoundResponse {
  answerId: string;
  sessionId: string;
  answer: Message | undefined;
  run: Run | undefined;
}

/** Rejects with status 404 for an unknown response and for one that was taken out. */
async function findResponse(store: Store, responseId: string): Promise<FoundResponse> {
  const [, answerId = ''] = RESPONSE.exec(responseId) ?? [];
  const sessionId = answerId && (await store.aliases.find('response', answerId));
  if (sessionId) {
    // The run first: it ends after its message was stored.
    const run = await store.runs.get(answerId);
    const answer = await store.sessions.message(sessionId, answerId);
    const session = await store.sessions.get(sessionId);
    const isThere = answer ? answer.active : run !== undefined;
    if (isThere && session?.deletedAt === null) return { answerId, sessionId, answer, run };
  }
  throw new HttpError('NOT_FOUND', `There is no response with the id "${responseId}".`, {
    hint: 'Only responses that were stored can be found.',
  });
}

function documentOf({ answerId, answer, run, sessionId }: FoundResponse): JsonObject {
  const stored = toStoredResponse(answerId, answer, run);
  return { ...stored, id: toResponseId(answerId), conversation: { id: `conv_${sessionId}` } };
}
