import { afterEach, describe, expect, it } from '@jest/globals';
import { newId, type Store } from '@synapse/core';
import { openPostgresStore } from '@synapse/storage-postgres';
import { openSqliteStore } from '@synapse/storage-sqlite';
import { ScriptedProvider, text, turnEnd } from '@synapse/test/fakes/scripted-provider';
import { usePostgres } from '@synapse/test/support/postgres-for-tests';
import { newsOf, openRuns, said } from '@synapse/test/support/run-testbed';
import { aSession } from '@synapse/test/support/samples';
import { temporaryFolder } from '@synapse/test/support/temporary-folder';
import { join } from 'node:path';

const RUNS = 200;
const postgres = usePostgres();
const folder = temporaryFolder();

describe.each<[string, () => Promise<Store>]>([
  ['SQLite', () => openSqliteStore({ path: join(folder, 'sessions.db') })],
  [
    'PostgreSQL',
    () =>
      openPostgresStore({
        ...{ url: postgres.url, schema: postgres.newSchema(), allowForeign: true, poolSize: 10 },
      }),
  ],
])('200 runs at once on %s', (_, open) => {
  let store: Store;
  afterEach(() => store.close());

  it('store every question and every answer once', async () => {
    store = await open();
    const answer = () => [text('one '), text('two '), text('three'), turnEnd];
    const provider = new ScriptedProvider(...Array.from({ length: RUNS }, answer));
    const { registry } = await openRuns(store, provider);
    const ids = await Promise.all(
      Array.from({ length: RUNS }, async (_none, index) => {
        const session = await store.sessions.create(aSession({ provider: 'demo', title: 'T' }));
        const id = newId();
        await registry.start({ id, sessionId: session.id, parts: said(`question ${index}`) });
        return { id, sessionId: session.id };
      }),
    );
    await Promise.all(ids.map(({ id }) => newsOf(registry, id)));
    await registry.stop(60_000);
    for (const [index, { id, sessionId }] of ids.entries()) {
      expect(await store.runs.get(id)).toMatchObject({ outcome: 'complete' });
      expect(await store.sessions.messages(sessionId, { limit: 9, turns: 'all' })).toMatchObject([
        { id, role: 'user', parts: said(`question ${index}`) },
        { role: 'assistant', status: 'complete', parts: said('one two three') },
      ]);
    }
  });
});
