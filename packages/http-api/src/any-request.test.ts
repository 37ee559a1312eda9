import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { Store } from '@synapse/core';
import { openApiDocument, routes } from '@synapse/http-api';
import { createMemoryStore } from '@synapse/storage-memory';
import { openPostgresStore } from '@synapse/storage-postgres';
import { openSqliteStore } from '@synapse/storage-sqlite';
import { valuesOf } from '@synapse/test/support/arbitraries/json-schema-values';
import { HttpTestbed } from '@synapse/test/support/http-testbed';
import { usePostgres } from '@synapse/test/support/postgres-for-tests';
import { aMessage, anAnswer, aSession } from '@synapse/test/support/samples';
import fc from 'fast-check';

interface Operation {
  parameters?: { name: string; in: string; required: boolean; schema: object }[];
  requestBody?: { content: Record<string, { schema: object }> };
}

const { paths } = openApiDocument(routes, '1') as {
  paths: Record<string, Record<string, Operation>>;
};
const operations = Object.entries(paths)
  // A stream that only the reader ends.
  .filter(([path]) => path !== '/api/events')
  .flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

const postgres = usePostgres();
const folder = mkdtempSync(join(tmpdir(), 'synapse-any-request-'));
afterAll(() => rmSync(folder, { recursive: true }));

const stores: Record<string, () => Promise<Store>> = {
  memory: async () => createMemoryStore(),
  sqlite: () => openSqliteStore({ path: join(folder, 'sessions.db') }),
  postgres: () =>
    openPostgresStore({ url: postgres.url, schema: postgres.newSchema(), allowForeign: true }),
};

/** Requests that the document allows, in an order in which they may disturb each other. */
function anyRequest(stored: { sessions: readonly string[]; messages: readonly string[] }) {
  const all = [...stored.sessions, ...stored.messages];
  return fc.constantFrom(...operations).chain(({ path, method, operation }) => {
    const { parameters = [], requestBody } = operation;
    const parts = parameters.map(({ name, schema, required, in: place }) => {
      const ids = name === 'sessionId' ? stored.sessions : all;
      const value = valuesOf(schema, ids);
      const none = { weight: 4, arbitrary: fc.constant(null) };
      return fc.record({
        ...{ name: fc.constant(name), place: fc.constant(place) },
        value: required ? value : fc.oneof(none, { weight: 1, arbitrary: value }),
      });
    });
    const contents = Object.entries(requestBody?.content ?? {}).map(([type, { schema }]) =>
      fc.record({
        type: fc.constant(type),
        text:
          type === 'application/json' && Object.keys(schema).length > 0
            ? valuesOf(schema, all).map((value) => JSON.stringify(value))
            : fc.oneof(fc.string(), fc.json(), fc.constant('{"synapseExport":1}\n')),
      }),
    );
    return fc.record({
      ...{ path: fc.constant(path), method: fc.constant(method.toUpperCase()) },
      parameters: fc.tuple(...parts),
      body: contents.length > 0 ? fc.oneof(...contents) : fc.constant(null),
    });
  });
}

describe.each(Object.entries(stores))('any request that the document allows, on %s', (_, open) => {
  it('ends as the document says, and never as a fault of the server', async () => {
    const store = await open();
    const bed = await HttpTestbed.open({ store, limits: { requestsPerMinute: 1e6 } });
    try {
      const stored = { sessions: [] as string[], messages: [] as string[] };
      for (const title of ['Trip', 'Work']) {
        const messages = [aMessage('question a'), anAnswer('answer')];
        const { id } = await store.sessions.create(aSession({ title, tags: ['work'] }));
        await store.sessions.append(id, messages, null);
        stored.sessions.push(id);
        stored.messages.push(...messages.map((message) => message.id));
      }
      await fc.assert(
        fc.asyncProperty(anyRequest(stored), async ({ path, method, parameters, body }) => {
          const query = new URLSearchParams();
          let filled = path;
          for (const { name, place, value } of parameters) {
            if (value === null) continue;
            const text = `${value as string | number | boolean}`;
            if (place === 'path') filled = filled.replace(`{${name}}`, encodeURIComponent(text));
            else query.append(name, text);
          }
          // Checks the reply against the document.
          const { status } = await bed.ask(method, `${filled}?${query.toString()}`, {
            ...(body && { bytes: body.text, headers: { 'content-type': body.type } }),
          });
          expect(status).toBeGreaterThanOrEqual(200);
          expect(status).toBeLessThan(500);
        }),
        { numRuns: 300, endOnFailure: true },
      );
    } finally {
      await bed.close();
    }
  });
});
