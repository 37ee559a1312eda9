import type { JsonObject } from '@synapse/core';
import { toRequestMessages } from '@synapse/core/conversation';
import { estimateRequestTokens } from '@synapse/core/models';
import { listAllModels } from '@synapse/app/models/list-all-models';
import { recordOf } from '@synapse/portability/json-schemas';
import * as v from 'valibot';
import { serveAnswer } from '../dialects/answer-service.ts';
import {
  chatDialect,
  messagesDialect,
  responsesDialect,
  type Dialect,
} from '../dialects/dialect.ts';
import { errorForm } from '../dialects/error-form.ts';
import { findClientModel, toModelList } from '../dialects/model-list.ts';
import { text } from '../fields.ts';
import { listOf } from '../openapi/components.ts';
import { HttpError } from '../problems/http-error.ts';
import { jsonReply } from '../reply.ts';
import { defineRoute, type Call, type Route } from '../route.ts';

/** Clients send their whole conversation, with its images, each time. */
const MOST_BYTES = 32 << 20;

const anyObject = { type: 'object' };
const string = { type: 'string' };
const errors = errorForm(chatDialect);
const model = recordOf({
  ...{ id: string, object: { const: 'model' }, type: { const: 'model' }, owned_by: string },
  ...{ created: { type: 'integer' }, created_at: string, display_name: string },
});
const beta = { beta: v.optional(text('Ignored.')) };
const modelName = v.optional(
  v.pipe(v.any(), v.description('A model, provider/model, or an alias.')),
);

interface AnswerRoute {
  path: `/v1/${string}`;
  id: string;
  summary: string;
  dialect: Dialect;
  example: JsonObject;
}

/** The fields of a dialect are those of its provider; the dialect checks them itself. */
function answerRoute({ path, id, summary, dialect, example }: AnswerRoute): Route {
  return defineRoute({
    ...{ method: 'POST', path, id, tag: 'dialects', scope: 'write', summary },
    description:
      'Finds the session by its content and by the names that the client gives it; x-synapse-session names one.',
    errors: errorForm(dialect),
    query: beta,
    body: {
      kind: 'json',
      schema: v.looseObject({ model: modelName }),
      example,
      maxBytes: MOST_BYTES,
    },
    replies: {
      200: {
        description: 'The answer, whole or as a stream of events.',
        schema: anyObject,
        mediaTypes: ['text/event-stream; charset=utf-8'],
        headers: {
          'x-synapse-session-id': 'The session; missing if the conversation is not stored.',
          'x-synapse-message-id': 'The message with the answer.',
          'x-synapse-ignored-tools': 'Tools of the provider that Synapse does not pass on.',
        },
      },
    },
    handle: (call) => serveAnswer(call as Call<unknown, unknown, JsonObject>, dialect, path),
  });
}

const question = { role: 'user', content: 'Good morning.' };

export const dialectRoutes: readonly Route[] = [
  defineRoute({
    ...{ method: 'GET', path: '/v1/models', id: 'listClientModels', tag: 'dialects' },
    ...{ scope: 'read', errors },
    summary: 'List models and aliases, for clients of OpenAI and of Anthropic',
    query: {
      limit: v.optional(text('Ignored: the list is whole.')),
      ...beta,
    },
    replies: {
      200: {
        description: 'The models.',
        schema: recordOf({
          ...{ object: { const: 'list' }, data: listOf(model), has_more: { const: false } },
          ...{ first_id: { type: ['string', 'null'] }, last_id: { type: ['string', 'null'] } },
        }),
      },
    },
    async handle({ caller: { app }, signal }) {
      const { models } = await listAllModels(app, { isRefresh: false, signal });
      return jsonReply(200, toModelList(models, app.settings.aliases));
    },
  }),

  defineRoute({
    ...{ method: 'GET', path: '/v1/models/{model}', id: 'getClientModel', tag: 'dialects' },
    ...{ scope: 'read', errors, takesRest: true },
    summary: 'Get a model or an alias',
    params: { model: v.pipe(text('The id, which may contain slashes.', 400), v.minLength(1)) },
    replies: { 200: { description: 'The model.', schema: model } },
    async handle({ caller: { app }, params, signal }) {
      const { models } = await listAllModels(app, { isRefresh: false, signal });
      const found = findClientModel(toModelList(models, app.settings.aliases), params.model);
      if (found) return jsonReply(200, found);
      throw new HttpError('NOT_FOUND', `No provider offers the model "${params.model}".`, {
        hint: 'GET /v1/models lists all models.',
      });
    },
  }),

  answerRoute({
    ...{ path: '/v1/chat/completions', id: 'createChatCompletion', dialect: chatDialect },
    summary: 'Answer in the dialect of Chat Completions',
    example: { model: 'demo/echo', messages: [question] },
  }),

  answerRoute({
    ...{ path: '/v1/responses', id: 'createResponse', dialect: responsesDialect },
    summary: 'Answer in the dialect of the Responses API',
    example: { model: 'demo/echo', input: 'Good morning.' },
  }),

  answerRoute({
    ...{ path: '/v1/messages', id: 'createMessage', dialect: messagesDialect },
    summary: 'Answer in the dialect of the Messages API',
    example: { model: 'demo/echo', max_tokens: 1024, messages: [question] },
  }),

  defineRoute({
    ...{ method: 'POST', path: '/v1/messages/count_tokens', id: 'countTokens', tag: 'dialects' },
    ...{ scope: 'read', errors: errorForm(messagesDialect), query: beta },
    summary: 'Estimate the tokens of a request of the Messages API',
    body: {
      kind: 'json',
      schema: v.looseObject({ model: modelName }),
      example: { model: 'demo/echo', messages: [question] },
      maxBytes: MOST_BYTES,
    },
    replies: {
      200: {
        description: 'The estimate.',
        schema: recordOf({ input_tokens: { type: 'integer', minimum: 0 } }),
      },
    },
    async handle({ body }) {
      const request = messagesDialect.read(body as JsonObject);
      const { systemPrompt, tools, contents } = request;
      const messages = await toRequestMessages(request.messages, {
        get: async (sha256) => contents.get(sha256),
      });
      const input_tokens = estimateRequestTokens({
        ...{ model: request.model ?? '', systemPrompt, messages, tools },
        ...{ maxOutputTokens: null, temperature: null, outputSchema: null, cacheKey: null },
      });
      return jsonReply(200, { input_tokens });
    },
  }),
];
