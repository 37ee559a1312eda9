import { createHash } from 'node:crypto';
import { scopes } from '@synapse/core/server';
import { recordOf } from '@synapse/portability/json-schemas';
import { version } from '@synapse/app/version';
import { listOf } from '../openapi/components.ts';
import { openApiDocument } from '../openapi/openapi-document.ts';
import { HttpError } from '../problems/http-error.ts';
import { jsonReply } from '../reply.ts';
import { definePublicRoute, defineRoute, type Route } from '../route.ts';
import { isUnchanged } from './if-match.ts';

const string = { type: 'string' };
const status = recordOf({ status: { enum: ['ok', 'ready'] } });

/** `table` is read when the document is asked for: it contains these routes, too. */
export function serverRoutes(table: () => readonly Route[]): readonly Route[] {
  let document: { text: string; etag: string } | undefined;
  return [
    definePublicRoute({
      ...{ method: 'GET', path: '/healthz', id: 'getHealth', tag: 'probes' },
      summary: 'Ask whether the process answers',
      replies: { 200: { description: 'It does.', schema: status } },
      handle: async () => jsonReply(200, { status: 'ok' }),
    }),

    definePublicRoute({
      ...{ method: 'GET', path: '/readyz', id: 'getReadiness', tag: 'probes' },
      summary: 'Ask whether the server takes requests',
      description: 'Fails with 503 while the store does not answer or the server is stopping.',
      replies: { 200: { description: 'It does.', schema: status } },
      async handle({ service }) {
        if (await service.isReady()) return jsonReply(200, { status: 'ready' });
        throw new HttpError('NOT_READY', 'The server does not take requests now.');
      },
    }),

    defineRoute({
      ...{ method: 'GET', path: '/metrics', id: 'getMetrics', tag: 'server', scope: 'admin' },
      summary: 'Read figures for Prometheus',
      replies: {
        200: { description: 'The figures as text.', mediaTypes: ['text/plain; version=0.0.4'] },
      },
      async handle({ service }) {
        const headers = { 'content-type': 'text/plain; version=0.0.4' };
        return new Response(service.figures.render(service.runs.activeCount), {
          status: 200,
          headers,
        });
      },
    }),

    defineRoute({
      ...{ method: 'GET', path: '/api/server', id: 'getServer', tag: 'server', scope: 'read' },
      summary: 'Read about the server and the token of the request',
      replies: {
        200: {
          description: 'Facts for a client.',
          schema: recordOf({
            ...{ version: string, instanceId: string, startedAt: string },
            limits: recordOf({
              ...{ jsonBytes: { type: 'integer' }, uploadBytes: { type: 'integer' } },
              ...{ importBytes: { type: 'integer' }, requestsPerMinute: { type: 'integer' } },
            }),
            token: recordOf({ id: string, scopes: listOf({ enum: scopes }) }),
          }),
        },
      },
      async handle({ service, caller: { identity } }) {
        const { instanceId, startedAt } = service;
        const { jsonBytes, uploadBytes, importBytes, requestsPerMinute } = service.limits;
        return jsonReply(200, {
          ...{ version, instanceId, startedAt },
          limits: { jsonBytes, uploadBytes, importBytes, requestsPerMinute },
          token: { id: identity.tokenId, scopes: identity.scopes },
        });
      },
    }),

    defineRoute({
      ...{ method: 'GET', path: '/api/openapi.json', id: 'getOpenApi', tag: 'server' },
      scope: 'read',
      summary: 'Read this document',
      replies: {
        200: {
          description: 'The OpenAPI document.',
          schema: { type: 'object' },
          headers: { etag: 'Changes with the version of the server.' },
        },
        304: { description: 'The document is as If-None-Match says.' },
      },
      async handle({ headers }) {
        document ??= withTag(JSON.stringify(openApiDocument(table(), version)));
        const { text, etag } = document;
        if (isUnchanged(headers, etag))
          return new Response(null, { status: 304, headers: { etag } });
        return new Response(text, {
          status: 200,
          headers: { 'content-type': 'application/json', etag },
        });
      },
    }),
  ];
}

function withTag(text: string): { text: string; etag: string } {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return { text, etag: `"${hash}"` };
}
