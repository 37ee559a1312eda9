import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { Message, Session, Store } from '@synapse/core';
import {
  fieldsWith,
  messageFields,
  sessionFields,
  type MessageFields,
  type SessionFields,
} from '@synapse/core/store-kit';
import {
  allSessions,
  exportSessions,
  importSessions,
  messagePages,
  ndjsonFormat,
} from '@synapse/portability';
import { createMemoryStore } from '@synapse/storage-memory';
import { openPostgresStore } from '@synapse/storage-postgres';
import { openSqliteStore } from '@synapse/storage-sqlite';
import fc from 'fast-check';
import {
  anyChange,
  anyStoredSession,
  storeSample,
} from '../support/arbitraries/stored-sessions.ts';
import { usePostgres } from '../support/postgres-for-tests.ts';
import { aSession } from '../support/samples.ts';

const postgres = usePostgres();
const folder = mkdtempSync(join(tmpdir(), 'synapse-every-field-'));
let count = 0;
afterAll(() => rmSync(folder, { recursive: true }));

const stores: Record<string, () => Promise<Store>> = {
  memory: async () => createMemoryStore(),
  sqlite: () => openSqliteStore({ path: join(folder, `${count++}.db`) }),
  postgres: () =>
    openPostgresStore({ url: postgres.url, schema: postgres.newSchema(), allowForeign: true }),
};

async function messagesOf(store: Store, sessionId: string): Promise<Message[]> {
  const messages: Message[] = [];
  for await (const page of messagePages(store.sessions, sessionId, { turns: 'all' })) {
    messages.push(...page);
  }
  return messages;
}

async function copyByExport(from: Store, to: Store): Promise<void> {
  await importSessions(to, async function* () {
    const sessions = allSessions(from.transfer);
    for await (const text of exportSessions(from, sessions, { format: ndjsonFormat })) {
      yield Buffer.from(text);
    }
  });
}

/** The fields of a record that have these names. */
function pick<T extends object>(record: T, names: readonly (keyof T)[]): Partial<T> {
  return Object.fromEntries(names.map((name) => [name, record[name]])) as Partial<T>;
}

/** Only for the compiler. */
function without<Table, Name extends keyof Table>(table: Table, _name: Name): Omit<Table, Name> {
  return table;
}

const forkedFields = fieldsWith(sessionFields, { isForked: true });
const copiedFields = (Object.keys(messageFields) as (keyof Message)[]).filter(
  (name) => !['id', 'sessionId', 'copyOf', 'status'].includes(name),
);

describe.each(Object.entries(stores))(
  'every field of a session and of its messages: %s',
  (_, open) => {
    it('survives being stored, exported, imported, forked and updated', async () => {
      const store = await open();
      const other = await open();
      try {
        const sample = fc.tuple(anyStoredSession, anyChange);
        await fc.assert(
          fc.asyncProperty(sample, async ([wanted, change]) => {
            const id = await storeSample(store, wanted);
            const session = (await store.sessions.get(id))!;
            const messages = await messagesOf(store, id);
            expect(Object.keys(session).sort()).toEqual(Object.keys(sessionFields).sort());
            const { tags = [], ...given } = wanted.session;
            expect(session).toMatchObject(given);
            expect(session.tags).toEqual([...new Set(tags)].sort());
            messages.forEach((message, index) => {
              expect(Object.keys(message).sort()).toEqual(Object.keys(messageFields).sort());
              // An attachment is stored with its size.
              const { parts } = message;
              expect(message).toMatchObject({ ...wanted.messages[index], parts });
            });

            await copyByExport(store, other);
            expect(await other.sessions.get(id)).toEqual(session);
            expect(await messagesOf(other, id)).toEqual(messages);

            const fork = await store.sessions.fork(id, aSession());
            expect(pick<Session>(fork, forkedFields)).toEqual(pick(session, forkedFields));
            const copies = await messagesOf(store, fork.id);
            expect(copies.map((copy) => pick(copy, copiedFields))).toEqual(
              messages.map((message) => pick(message, copiedFields)),
            );

            const updated = await store.sessions.update(id, change);
            expect(updated).toEqual({ ...session, ...change, revision: updated.revision });
            expect(await store.sessions.get(id)).toEqual(updated);
          }),
          { numRuns: 12, endOnFailure: true },
        );
      } finally {
        await store.close();
        await other.close();
      }
    });
  },
);

it('does not compile where a field is missing in its table, or has another type', () => {
  // @ts-expect-error A field of `Session` is missing in this table.
  const session: SessionFields = without(sessionFields, 'title');
  // @ts-expect-error A field of `Message` is missing in this table.
  const message: MessageFields = without(messageFields, 'copyOf');
  const nickname = { kind: 'text', setBy: 'update', empty: null } as const;
  // @ts-expect-error `Session` has no such field.
  const more = { ...sessionFields, nickname } satisfies SessionFields;
  // @ts-expect-error A title is no number.
  const other: SessionFields = { ...sessionFields, title: { kind: 'count', setBy: 'update' } };
  expect([session, message, more, other]).toHaveLength(4);
});
