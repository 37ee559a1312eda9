import { newId, type JsonObject, type Session, type Store } from '@synapse/core';
import { deleteSessions } from '@synapse/app/sessions/delete-sessions';
import { recordOf } from '@synapse/portability/json-schemas';
import * as v from 'valibot';
import { toSeconds } from '../dialects/answer-writer.ts';
import { responsesDialect } from '../dialects/dialect.ts';
import { errorForm } from '../dialects/error-form.ts';
import {
  addItems,
  listItems,
  readItems,
  toPage,
} from '../dialects/responses/conversation-items.ts';
import { idFromKey } from '../doors/idempotency-key.ts';
import { text } from '../fields.ts';
import { listOf } from '../openapi/components.ts';
import { HttpError } from '../problems/http-error.ts';
import { jsonReply } from '../reply.ts';
import { defineRoute, type Route } from '../route.ts';

const tag = 'dialects';
const errors = errorForm(responsesDialect);
const CONVERSATION = /^conv_([0-9a-f-]{36})$/;
const MOST_BYTES = 8 << 20;
const MOST_ITEMS = 100;
const params = { conversationId: text('The id: "conv_" and that of the session.') };
const path = '/v1/conversations/{conversationId}';
const string = { type: 'string' };
const nullable = { type: ['string', 'null'] };
const item = { type: 'object' };
const conversation = recordOf({
  ...{ id: string, object: { const: 'conversation' }, created_at: { type: 'integer' } },
  metadata: { type: 'object' },
});
const items = recordOf({
  ...{ object: { const: 'list' }, data: listOf(item), has_more: { type: 'boolean' } },
  ...{ first_id: nullable, last_id: nullable },
});
const metadata = v.exactOptional(
  v.nullable(
    v.pipe(v.record(v.string(), v.string()), v.description('Texts of your program, by name.')),
  ),
);
const givenItems = v.pipe(
  v.array(v.looseObject({})),
  v.maxLength(MOST_ITEMS),
  v.description('Messages, as the input of a response has them.'),
);
const question = { type: 'message', role: 'user', content: 'Good morning.' };
const include = v.optional(text('Ignored.'));

export const conversationRoutes: readonly Route[] = [
  defineRoute({
    ...{ method: 'POST', path: '/v1/conversations', id: 'createConversation', tag },
    ...{ scope: 'write', errors },
    summary: 'Create a conversation, which is a session',
    body: {
      kind: 'json',
      schema: v.looseObject({ metadata, items: v.exactOptional(v.nullable(givenItems)) }),
      example: { metadata: { topic: 'travel' }, items: [question] },
      maxBytes: MOST_BYTES,
    },
    replies: { 200: { description: 'The conversation.', schema: conversation } },
    async handle({ caller, headers, body }) {
      const { identity, store, app } = caller;
      const id = idFromKey(headers, identity) ?? newId();
      const added = body.items ?? [];
      readItems(added);
      const session =
        (await store.sessions.get(id)) ??
        (await store.sessions.create({
          ...{ id, createdAt: app.clock.now(), tags: ['api'] },
          metadata: { ...body.metadata },
        }));
      const idOf = (part: readonly unknown[]) => idFromKey(headers, identity, part);
      if (added.length > 0) await addItems(caller, session, added, idOf);
      return jsonReply(200, toConversation(session));
    },
  }),

  defineRoute({
    ...{ method: 'GET', path, id: 'getConversation', tag, scope: 'read', errors, params },
    summary: 'Get a conversation',
    replies: { 200: { description: 'The conversation.', schema: conversation } },
    async handle({ caller: { store }, params: { conversationId } }) {
      return jsonReply(200, toConversation(await findConversation(store, conversationId)));
    },
  }),

  defineRoute({
    ...{ method: 'POST', path, id: 'changeConversation', tag, scope: 'write', errors, params },
    summary: 'Change the metadata of a conversation',
    body: {
      kind: 'json',
      schema: v.looseObject({ metadata }),
      example: { metadata: { topic: 'travel' } },
    },
    replies: { 200: { description: 'The conversation.', schema: conversation } },
    async handle({ caller: { store }, params: { conversationId }, body }) {
      const { id, metadata: before } = await findConversation(store, conversationId);
      const change = { ...body.metadata, ...ownFields(before) };
      const changed = await store.sessions.update(id, { metadata: change });
      return jsonReply(200, toConversation(changed));
    },
  }),

  defineRoute({
    ...{ method: 'DELETE', path, id: 'deleteConversation', tag, scope: 'write', errors, params },
    summary: 'Move a conversation to the trash',
    replies: {
      200: {
        description: 'It is in the trash.',
        schema: recordOf({
          ...{ id: string, object: { const: 'conversation.deleted' }, deleted: { const: true } },
        }),
      },
    },
    async handle({ caller: { store, app }, params: { conversationId } }) {
      const session = await findConversation(store, conversationId);
      await deleteSessions(app, store, [session], { isPurge: false });
      return jsonReply(200, { id: conversationId, object: 'conversation.deleted', deleted: true });
    },
  }),

  defineRoute({
    ...{ method: 'GET', path: `${path}/items`, id: 'listConversationItems', tag, scope: 'read' },
    ...{ errors, params },
    summary: 'List the items of a conversation',
    query: {
      ...{ include, 'include[]': include },
      limit: v.optional(
        v.pipe(
          v.number(),
          v.integer(),
          v.minValue(1),
          v.maxValue(MOST_ITEMS),
          v.description('The most items of a page.'),
        ),
        20,
      ),
      order: v.optional(
        v.pipe(v.picklist(['asc', 'desc']), v.description('The oldest or the newest first.')),
        'desc',
      ),
      after: v.optional(text('The last item of the page before.')),
    },
    replies: { 200: { description: 'A page of items.', schema: items } },
    async handle({ caller: { store }, params: { conversationId }, query }) {
      const { id } = await findConversation(store, conversationId);
      return jsonReply(200, await listItems(store, id, query));
    },
  }),

  defineRoute({
    ...{ method: 'POST', path: `${path}/items`, id: 'createConversationItems', tag },
    ...{ scope: 'write', errors, params, query: { include, 'include[]': include } },
    summary: 'Add items at the end of a conversation',
    body: {
      kind: 'json',
      schema: v.looseObject({ items: givenItems }),
      example: { items: [question] },
      maxBytes: MOST_BYTES,
    },
    replies: { 200: { description: 'The added items.', schema: items } },
    async handle({ caller, headers, params: { conversationId }, body }) {
      readItems(body.items);
      const session = await findConversation(caller.store, conversationId);
      const idOf = (part: readonly unknown[]) => idFromKey(headers, caller.identity, part);
      return jsonReply(200, toPage(await addItems(caller, session, body.items, idOf), false));
    },
  }),
];

/** Rejects with status 404 for an unknown conversation, and for one in the trash. */
async function findConversation(store: Store, conversationId: string): Promise<Session> {
  const [, id = ''] = CONVERSATION.exec(conversationId) ?? [];
  const session = id === '' ? undefined : await store.sessions.get(id);
  if (session?.deletedAt === null) return session;
  throw new HttpError('NOT_FOUND', `There is no conversation with the id "${conversationId}".`);
}

/** What Synapse notes of a session beside the texts of clients, such as its agent with its limits. */
function ownFields(metadata: Session['metadata']): JsonObject {
  return Object.fromEntries(
    Object.entries(metadata).filter(([, value]) => typeof value !== 'string'),
  );
}

function toConversation({ id, createdAt, metadata }: Session): JsonObject {
  return {
    ...{ id: `conv_${id}`, object: 'conversation', created_at: toSeconds(createdAt) },
    metadata: { ...metadata },
  };
}
