import { toJsonSchema } from '@valibot/to-json-schema';
import type { JsonSchema } from '@synapse/portability/json-schemas';
import type * as v from 'valibot';
import { typesOf } from '../doors/read-body.ts';
import type { ReplySpec, Route } from '../route.ts';
import { componentSchemas, ref } from './components.ts';

const DESCRIPTION = [
  'The sessions of Synapse, their messages and all that belongs to them.',
  'Every request needs a token, except those of the tag "probes". Errors are problem documents (RFC 9457).',
  'Ids that you make yourself, as UUIDs of version 7, make a repeated POST harmless;',
  'so does the header Idempotency-Key: for a day, the same key with other content is refused (422).',
].join(' ');

/** The OpenAPI 3.1 document of the table. */
export function openApiDocument(routes: readonly Route[], version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    (paths[route.path] ??= {})[route.method.toLowerCase()] = toOperation(route);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Synapse', version, description: DESCRIPTION },
    servers: [{ url: '/' }],
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: componentSchemas(),
      responses: {
        Problem: {
          description: 'The request failed; `code` is stable.',
          content: { 'application/problem+json': { schema: ref('Problem') } },
        },
      },
    },
  };
}

function toOperation(route: Route): object {
  const { id, tag, summary, description, scope, params, query, body, replies } = route;
  const parameters = [...parametersOf(params, 'path'), ...parametersOf(query, 'query')];
  const content = body?.kind === 'json' ? contentOfJson(body.schema, body.example) : undefined;
  const bytes = typesOf(body).map((type): [string, object] => [type, { schema: {} }]);
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    security: scope === null ? [] : [{ token: [scope] }],
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: { required: true, content: content ?? Object.fromEntries(bytes) },
    }),
    responses: {
      ...Object.fromEntries(
        Object.entries(replies).map(([status, reply]) => [status, toResponse(reply)]),
      ),
      ...errorsOf(route),
    },
  };
}

function errorsOf({ errors }: Route): object {
  if (!errors) {
    const problem = { $ref: '#/components/responses/Problem' };
    return { '4XX': problem, '5XX': problem };
  }
  const { schema, example } = errors;
  const content = { 'application/json': { schema, example } };
  const failed = { description: 'The request failed.', content };
  return { '4XX': failed, '5XX': failed };
}

function parametersOf(
  { entries }: v.StrictObjectSchema<v.ObjectEntries, undefined>,
  place: 'path' | 'query',
): object[] {
  return Object.entries(entries).map(([name, entry]) => {
    const { description, ...schema } = schemaOf(entry);
    const isRequired = place === 'path' || entry.type !== 'optional';
    return {
      ...{ name, in: place, required: isRequired },
      ...(description !== undefined && { description }),
      schema,
    };
  });
}

function contentOfJson(schema: v.GenericSchema, example: unknown): object {
  return { 'application/json': { schema: schemaOf(schema), example } };
}

function toResponse({ description, schema, example, mediaTypes, headers }: ReplySpec): object {
  const json = schema && {
    'application/json': { schema, ...(example !== undefined && { example }) },
  };
  const others = (mediaTypes ?? []).map((type): [string, object] => [type, { schema: {} }]);
  return {
    description,
    ...((json ?? others.length > 0) && {
      content: { ...json, ...Object.fromEntries(others) },
    }),
    ...(headers && {
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, text]) => [
          name,
          { description: text, schema: { type: 'string' } },
        ]),
      ),
    }),
  };
}

function schemaOf(entry: unknown): JsonSchema {
  const schema = toJsonSchema(entry as v.GenericSchema, {
    typeMode: 'input',
    target: 'draft-2020-12',
    // What JSON Schema can't express, such as a check of our own, only makes it more lenient.
    errorMode: 'ignore',
  });
  return Object.fromEntries(Object.entries(schema).filter(([name]) => name !== '$schema'));
}
