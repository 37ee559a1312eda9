import { newId } from '@synapse/core';
import { getSession } from '@synapse/core/conversation';
import { SessionConflictError } from '@synapse/core/store-kit';
import { messageToJson, sessionToJson } from '@synapse/portability';
import { recordOf } from '@synapse/portability/json-schemas';
import { deleteSessions } from '@synapse/app/sessions/delete-sessions';
import { pickLastTurn } from '@synapse/app/sessions/pick-last-turn';
import { withLease } from '@synapse/app/sessions/with-lease';
import * as v from 'valibot';
import { idFromKey } from '../doors/idempotency-key.ts';
import { id, sessionId, text, title } from '../fields.ts';
import { listOf, ref } from '../openapi/components.ts';
import { HttpError } from '../problems/http-error.ts';
import { jsonReply } from '../reply.ts';
import { defineRoute, type Route } from '../route.ts';
import { exampleId } from './examples.ts';
import { checkIfMatch, etagOf } from './if-match.ts';
import { checkNames, replyOfSession, replyWith } from './sessions.ts';

const tag = 'sessions';
const params = { sessionId };

export const sessionActionRoutes: readonly Route[] = [
  defineRoute({
    ...{ method: 'POST', path: '/api/sessions/{sessionId}/trash', tag, scope: 'write' },
    id: 'trashSession',
    summary: 'Move a session to the trash',
    description: 'Does nothing if it is there. Fails with 409 while another process has it open.',
    params,
    replies: { 200: { description: 'The session in the trash.', ...replyOfSession() } },
    async handle({ caller: { store, app }, headers, params }) {
      const session = await getSession(store.sessions, params.sessionId);
      checkIfMatch(headers, session);
      await deleteSessions(app, store, [session], { isPurge: false });
      return replyWith(200, await getSession(store.sessions, session.id));
    },
  }),

  defineRoute({
    ...{ method: 'POST', path: '/api/sessions/{sessionId}/restore', tag, scope: 'write' },
    id: 'restoreSession',
    summary: 'Take a session out of the trash',
    description: 'Does nothing if it is not there.',
    params,
    replies: { 200: { description: 'The session.', ...replyOfSession() } },
    async handle({ caller: { store, app }, params }) {
      return replyWith(200, await store.sessions.restore(params.sessionId, app.clock.now()));
    },
  }),

  defineRoute({
    ...{ method: 'DELETE', path: '/api/sessions/{sessionId}', tag, scope: 'write' },
    id: 'purgeSession',
    summary: 'Remove a session in the trash for good',
    description: 'Fails with 409 if the session is not in the trash.',
    params,
    replies: { 204: { description: 'The session and all that derives from it are removed.' } },
    async handle({ caller: { store }, headers, params }) {
      const session = await getSession(store.sessions, params.sessionId);
      checkIfMatch(headers, session);
      if (session.deletedAt === null) {
        throw new SessionConflictError('The session is not in the trash.', {
          hint: 'Move it to the trash first.',
        });
      }
      await store.sessions.purge([session.id]);
      return new Response(null, { status: 204 });
    },
  }),

  defineRoute({
    ...{ method: 'POST', path: '/api/sessions/{sessionId}/fork', tag, scope: 'write' },
    id: 'forkSession',
    summary: 'Copy a session, to continue it in another direction',
    description: 'An id of your own, or Idempotency-Key, makes a repeated request harmless.',
    params,
    body: {
      kind: 'json',
      schema: v.strictObject({
        id: v.optional(id('The id of the copy, made by you.')),
        throughMessageId: v.optional(id('The last message to copy; all without it.')),
        handle: v.exactOptional(v.nullable(text('The name of the copy.', 64))),
        title: v.exactOptional(v.nullable(title)),
      }),
      example: { id: exampleId, throughMessageId: exampleId, title: 'By train instead' },
    },
    replies: {
      200: { description: 'The copy exists already.', ...replyOfSession() },
      201: {
        ...{ description: 'The copy.', ...replyOfSession() },
        headers: { location: 'The address of the copy.' },
      },
    },
    async handle({ caller: { identity, store, app }, headers, params, body }) {
      const { id: given = idFromKey(headers, identity), throughMessageId, ...names } = body;
      const existing = given === undefined ? undefined : await store.sessions.get(given);
      if (existing?.forkedFrom?.sessionId === params.sessionId) return replyWith(200, existing);
      const fork = await store.sessions.fork(params.sessionId, {
        id: given ?? newId(),
        createdAt: app.clock.now(),
        throughMessageId,
        ...checkNames(names),
      });
      return replyWith(201, fork);
    },
  }),

  defineRoute({
    ...{ method: 'POST', path: '/api/sessions/{sessionId}/undo', tag, scope: 'write' },
    id: 'undoTurn',
    summary: 'Take the last turn out of the conversation',
    description:
      'The messages stay stored. Names the turn, so that a repeated request does not undo another one: it then returns no messages.',
    params,
    body: {
      kind: 'json',
      schema: v.strictObject({
        turn: v.pipe(
          v.number(),
          v.integer(),
          v.minValue(1),
          v.description('The number of the last turn, as its messages show it.'),
        ),
      }),
      example: { turn: 4 },
    },
    replies: {
      200: {
        description: 'The session and the messages of the undone turn.',
        schema: recordOf({ session: ref('Session'), messages: listOf(ref('Message')) }),
      },
    },
    async handle({ caller: { store, app }, headers, params, body }) {
      const { sessions } = store;
      const found = await getSession(sessions, params.sessionId);
      checkIfMatch(headers, found);
      const undone = await withLease(app, store, found.id, async (lease) => {
        const last = (await pickLastTurn(sessions, found.id)).at(-1);
        if (last?.turn === body.turn) return sessions.undoTurn(found.id, lease);
        if (last && last.turn > body.turn) {
          throw new HttpError('INVALID_REQUEST', `The last turn is ${last.turn}.`);
        }
        return [];
      });
      const session = await getSession(sessions, found.id);
      return jsonReply(
        200,
        { session: sessionToJson(session), messages: undone.map(messageToJson) },
        { etag: etagOf(session) },
      );
    },
  }),
];
