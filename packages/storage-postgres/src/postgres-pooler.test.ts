import { describe, expect, it } from '@jest/globals';
import { usePostgres } from '@synapse/test/support/postgres-for-tests';
import { aConversation, aLeaseRequest, noon } from '@synapse/test/support/samples';
import { openTcpProxy } from '@synapse/test/support/tcp-proxy';
import { newId } from '@synapse/core';
import { openPostgresStore } from './open-postgres-store.ts';

const postgres = usePostgres();

/** The names of the statements that a client asks the server to prepare, and the SQL it sends. */
function readRequests(data: Buffer): { names: string[]; statements: string[] } {
  const names: string[] = [];
  const statements: string[] = [];
  for (let start = 0; start + 5 <= data.length; start += 1 + data.readUInt32BE(start + 1)) {
    const type = String.fromCharCode(data[start] ?? 0);
    const body = data.subarray(start + 5, start + 1 + data.readUInt32BE(start + 1));
    const texts = body.toString('latin1').split('\0');
    if (type === 'P') {
      names.push(texts[0] ?? '');
      statements.push(texts[1] ?? '');
    }
    if (type === 'Q') statements.push(texts[0] ?? '');
  }
  return { names, statements };
}

describe('a PostgreSQL store behind a pooler in transaction mode', () => {
  it('leaves nothing on a connection that a later transaction would need', async () => {
    const seen = { names: [] as string[], statements: [] as string[] };
    const port = Number(new URL(postgres.url).port);
    const proxy = await openTcpProxy({
      port,
      cutsAfter: (data) => {
        // The first packet of a connection has no type.
        if (data[0] !== 0) {
          const { names, statements } = readRequests(data);
          seen.names.push(...names);
          seen.statements.push(...statements);
        }
        return false;
      },
    });
    const url = postgres.url.replace(`:${port}/`, `:${proxy.port}/`);
    const schema = postgres.newSchema();
    const store = await openPostgresStore({ url, schema, allowForeign: false }).catch(() =>
      openPostgresStore({ url, schema, allowForeign: true }),
    );
    const { id } = await aConversation(store, ['q', 'a'], { tags: ['x'], handle: 'work' });
    const lease = await store.sessions.acquireLease(id, aLeaseRequest());
    await store.sessions.undoTurn(id, lease);
    await store.sessions.list({ limit: 5, text: 'q', tag: 'x' });
    await store.sessions.find('work');
    const copy = await store.sessions.fork(id, { id: newId(), createdAt: noon });
    await store.attachments.put({ bytes: new Uint8Array(3), mediaType: 'x/y', name: null });
    await store.maintenance.info();
    await store.sessions.purge([copy.id]);
    await store.close();
    await proxy.close();

    expect(seen.statements.length).toBeGreaterThan(40);
    expect(seen.names.filter((name) => name !== '')).toEqual([]);
    const withState =
      /^\s*(set|reset|listen|notify|prepare|deallocate|declare|discard)\b|pg_(try_)?advisory_lock|\btemp(orary)?\b/i;
    expect(seen.statements.filter((statement) => withState.test(statement))).toEqual([]);
    const unqualified = seen.statements.filter(
      (statement) =>
        /\b(from|into|update|table)\s+"/i.test(statement) && !statement.includes(schema),
    );
    expect(unqualified).toEqual([]);
  });
});
