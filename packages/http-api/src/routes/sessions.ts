import {
  newId,
  parseHandle,
  parseMoment,
  type JsonObject,
  type Session,
  type SessionChange,
} from '@synapse/core';
import { getSession } from '@synapse/core/conversation';
import { SessionConflictError, type NewSession } from '@synapse/core/store-kit';
import { sessionToJson } from '@synapse/portability';
import { parseTag } from '@synapse/app/sessions/parse-tag';
import * as v from 'valibot';
import { idFromKey } from '../doors/idempotency-key.ts';
import { cursor, flag, id, limit, moment, sessionId, text, title } from '../fields.ts';
import { pageOf, ref } from '../openapi/components.ts';
import { jsonReply } from '../reply.ts';
import { defineRoute, type ReplySpec, type Route } from '../route.ts';
import { exampleId, exampleSession } from './examples.ts';
import { etagOf, expectedRevision, isUnchanged } from './if-match.ts';

const tag = 'sessions';
const tags = (description: string) =>
  v.pipe(v.array(text('One word.', 64)), v.maxLength(50), v.description(description));
const metadata = v.pipe(
  v.record(v.string(), v.unknown()),
  v.check((value) => !Array.isArray(value), 'Expected an object'),
  v.description('Anything that your program wants to keep with the session.'),
  // It was read from JSON.
  v.transform((value) => value as JsonObject),
);
const emptiable = (description: string, longest?: number) =>
  v.exactOptional(v.nullable(text(description, longest)));

/** Fields that both a new session and a change may have. */
const changeable = {
  handle: emptiable('A unique name of one word; null for none.', 64),
  title: v.exactOptional(v.nullable(title)),
  provider: emptiable('The provider of the next answers.'),
  model: emptiable('The model of the next answers.'),
  systemPrompt: emptiable('Instructions for the model.', 1 << 19),
  pinned: v.exactOptional(flag('Whether cleanups leave it alone.')),
  metadata: v.exactOptional(metadata),
};

const choice = (name: string, otherwise: string) =>
  v.optional(
    v.pipe(
      v.picklist(['true', 'false', 'any']),
      v.description(`Whether to list ${name} sessions; ${otherwise} by default.`),
    ),
  );

const etag = { etag: 'Changes with every change of the session or its messages.' };

export const sessionRoutes: readonly Route[] = [
  defineRoute({
    ...{ method: 'GET', path: '/api/sessions', id: 'listSessions', tag, scope: 'read' },
    summary: 'List sessions by last activity, newest first',
    query: {
      ...{ limit, cursor },
      text: v.optional(text('Text in the handle, the title or the preview.')),
      tag: v.optional(text('Only sessions with this tag.')),
      provider: v.optional(text('Only sessions whose last provider is this one.')),
      model: v.optional(text('Only sessions whose last model is this one.')),
      workingDirectory: v.optional(text('Only sessions that began in this folder.', 4096)),
      origin: v.optional(text('Only sessions that were imported from this tool.')),
      since: moment('Active since'),
      before: moment('Active before'),
      pinned: v.optional(flag('Only pinned, or only other sessions.')),
      archived: choice('archived', 'false'),
      trashed: choice('trashed', 'false'),
    },
    replies: {
      200: {
        description: 'A page of sessions.',
        schema: pageOf(ref('Session')),
        example: { items: [exampleSession], nextCursor: null },
      },
    },
    async handle({ caller: { store, app }, query }) {
      const { since, before, archived, trashed, ...filters } = query;
      const now = app.clock.now();
      const page = await store.sessions.list({
        ...filters,
        updatedSince: since === undefined ? undefined : parseMoment('since', since, now),
        updatedBefore: before === undefined ? undefined : parseMoment('before', before, now),
        archived: toChoice(archived),
        trashed: toChoice(trashed),
      });
      const { items, nextCursor } = page;
      return jsonReply(200, { items: items.map(sessionToJson), nextCursor });
    },
  }),

  defineRoute({
    ...{ method: 'POST', path: '/api/sessions', id: 'createSession', tag, scope: 'write' },
    summary: 'Create a session',
    description:
      'With an id of your own, or with the header Idempotency-Key, you can repeat the request: the second one returns the session of the first.',
    body: {
      kind: 'json',
      schema: v.strictObject({
        id: v.exactOptional(id('The id of the new session, made by you.')),
        ...changeable,
        tags: v.exactOptional(tags('The tags of the session.')),
      }),
      example: { id: exampleId, title: 'Trip to Lisbon', tags: ['travel'] },
    },
    replies: {
      200: { description: 'The session exists already.', ...replyOfSession(), headers: etag },
      201: {
        ...{ description: 'The new session.', ...replyOfSession() },
        headers: { ...etag, location: 'The address of the session.' },
      },
    },
    async handle({ caller: { identity, store, app }, headers, body }) {
      const { id: given = idFromKey(headers, identity), tags: words = [], ...fields } = body;
      const existing = given === undefined ? undefined : await store.sessions.get(given);
      if (existing) return replyWith(200, existing);
      const session: NewSession = {
        ...checkNames(fields),
        id: given ?? newId(),
        createdAt: app.clock.now(),
        workingDirectory: app.here,
        owner: identity.owner,
        tags: words.map(parseTag),
      };
      try {
        return replyWith(201, await store.sessions.create(session));
      } catch (error) {
        // The same request may have been made twice at once.
        const twin =
          error instanceof SessionConflictError && (await store.sessions.get(session.id));
        if (twin) return replyWith(200, twin);
        throw error;
      }
    },
  }),

  defineRoute({
    ...{ method: 'GET', path: '/api/sessions/{sessionId}', id: 'getSession', tag, scope: 'read' },
    summary: 'Read a session, without its messages',
    params: { sessionId },
    replies: {
      200: { description: 'The session.', ...replyOfSession(), headers: etag },
      304: { description: 'The session is as If-None-Match says.' },
    },
    async handle({ caller: { store }, headers, params }) {
      const session = await getSession(store.sessions, params.sessionId);
      if (!isUnchanged(headers, etagOf(session))) return replyWith(200, session);
      return new Response(null, { status: 304, headers: { etag: etagOf(session) } });
    },
  }),

  defineRoute({
    ...{ method: 'PATCH', path: '/api/sessions/{sessionId}', tag, scope: 'write' },
    id: 'changeSession',
    summary: 'Change fields of a session',
    description: 'With If-Match, nothing is changed if the session has another ETag by now (412).',
    params: { sessionId },
    body: {
      kind: 'json',
      schema: v.strictObject({
        ...changeable,
        archived: v.exactOptional(flag('Whether lists leave it out.')),
        addTags: v.exactOptional(tags('Tags to add.')),
        removeTags: v.exactOptional(tags('Tags to remove.')),
      }),
      example: { title: 'Trip to Porto', addTags: ['2026'] },
    },
    replies: { 200: { description: 'The session.', ...replyOfSession(), headers: etag } },
    async handle({ caller: { store }, headers, params, body }) {
      const { addTags, removeTags, metadata: given, ...fields } = body;
      const revision = expectedRevision(headers);
      const change: SessionChange = {
        ...checkNames(fields),
        ...(given && { metadata: withAgentOf(await store.sessions.get(params.sessionId), given) }),
        ...(addTags && { addTags: addTags.map(parseTag) }),
        ...(removeTags && { removeTags }),
        ...(revision !== undefined && { expectedRevision: revision }),
      };
      return replyWith(200, await store.sessions.update(params.sessionId, change));
    },
  }),
];

/** A session keeps the agent that it began with, whose limits hold as long as it lives. */
function withAgentOf(session: Session | undefined, metadata: JsonObject): JsonObject {
  const { agent } = session?.metadata ?? {};
  return agent === undefined ? metadata : { ...metadata, agent };
}

export function replyOfSession(): Pick<ReplySpec, 'schema' | 'example'> {
  return { schema: ref('Session'), example: exampleSession };
}

export function replyWith(status: 200 | 201, session: Session): Response {
  return jsonReply(status, sessionToJson(session), {
    etag: etagOf(session),
    ...(status === 201 && { location: `/api/sessions/${session.id}` }),
  });
}

/** The names in the form in which they are stored; an empty one is none. */
export function checkNames<T extends { handle?: string | null; title?: string | null }>(
  fields: T,
): T {
  const { handle, title: words } = fields;
  return {
    ...fields,
    ...(handle !== undefined && { handle: handle ? parseHandle(handle) : null }),
    ...(words !== undefined && { title: words?.trim() ? words.trim() : null }),
  };
}

function toChoice(value: 'true' | 'false' | 'any' | undefined): boolean | 'any' | undefined {
  return value === 'any' || value === undefined ? value : value === 'true';
}
