import { recordOf, orNull } from '@synapse/portability/json-schemas';
import { listAllModels } from '@synapse/app/models/list-all-models';
import { listModels } from '@synapse/app/models/list-models';
import { readinessOf, readinessToJson } from '@synapse/app/models/readiness';
import * as v from 'valibot';
import { flag, text } from '../fields.ts';
import { listOf } from '../openapi/components.ts';
import { jsonReply } from '../reply.ts';
import { defineRoute, type Route } from '../route.ts';

const string = { type: 'string' };
const stringOrNull = { type: ['string', 'null'] };
const countOrNull = { type: ['integer', 'null'], minimum: 0 };
const amount = { type: 'number', minimum: 0 };

const model = recordOf({
  ...{ provider: string, id: string, name: stringOrNull },
  ...{ contextTokens: countOrNull, maxOutputTokens: countOrNull },
  price: orNull(
    recordOf({
      ...{ inputPerMillion: amount, outputPerMillion: amount },
      ...{ cacheReadPerMillion: amount, cacheWritePerMillion: amount },
    }),
  ),
  abilities: listOf({ enum: ['tools', 'images', 'files', 'reasoning', 'structured-output'] }),
});

const provider = recordOf({
  ...{ name: string, title: string, baseUrl: stringOrNull, model: stringOrNull },
  dialect: { enum: ['anthropic', 'openai-responses', 'openai-chat', 'demo'] },
  ...{ isLocal: { type: 'boolean' }, keyVariables: listOf(string) },
  missing: { enum: ['key', 'address', null] },
  key: recordOf({
    source: { enum: ['environment', 'settings', 'keyring', 'file', null] },
    variable: stringOrNull,
  }),
});

export const modelRoutes: readonly Route[] = [
  defineRoute({
    ...{ method: 'GET', path: '/api/models', id: 'listModels', tag: 'models', scope: 'read' },
    summary: 'List the available models with context window, prices and abilities',
    description: 'Lists are cached for a day. Prices are US dollars per million tokens.',
    query: {
      provider: v.optional(text('Only models of this provider.')),
      refresh: v.optional(flag('Ask the providers again, and ignore the cached lists.'), false),
    },
    replies: {
      200: {
        description: 'The models, and a sentence for each provider that did not answer.',
        schema: recordOf({ items: listOf(model), failures: listOf(string) }),
      },
    },
    async handle({ caller: { app }, query, signal }) {
      const options = { isRefresh: query.refresh, signal };
      const { models, failures } =
        query.provider === undefined
          ? await listAllModels(app, options)
          : { models: await listModels(app, query.provider, options), failures: [] };
      return jsonReply(200, { items: models, failures });
    },
  }),

  defineRoute({
    ...{ method: 'GET', path: '/api/providers', id: 'listProviders', tag: 'models' },
    scope: 'read',
    summary: 'List the providers, and what is missing to use each',
    description: 'Shows where the key of a provider is, never the key.',
    replies: {
      200: { description: 'The providers.', schema: recordOf({ items: listOf(provider) }) },
    },
    async handle({ caller: { app } }) {
      return jsonReply(200, { items: (await readinessOf(app)).map(readinessToJson) });
    },
  }),
];
