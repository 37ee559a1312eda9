import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openPostgresStore } from '@synapse/storage-postgres';
import { openSqliteStore } from '@synapse/storage-sqlite';
import { canBeContained } from '../support/own-namespace.ts';
import { usePostgres } from '../support/postgres-for-tests.ts';
import { aHolder, aSession, noon, type TestedStore } from '../support/samples.ts';
import { startStoreProcess, type StoreTask } from '../support/store-process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const postgres = usePostgres();
let count = 0;

interface Place {
  task: StoreTask;
  open: () => Promise<TestedStore>;
}

const engines: Record<StoreTask['engine'], () => Place> = {
  sqlite: () => {
    const options = { path: join(folder, `${count++}`, 'synapse.db') };
    return { task: { engine: 'sqlite', options }, open: () => openSqliteStore(options) };
  },
  postgres: () => {
    const options = { url: postgres.url, schema: postgres.newSchema(), allowForeign: true };
    return { task: { engine: 'postgres', options }, open: () => openPostgresStore(options) };
  },
};

async function run(tasks: readonly StoreTask[]): Promise<string[]> {
  const processes = await Promise.all(tasks.map(startStoreProcess));
  for (const process of processes) process.go();
  return Promise.all(processes.map(({ ended }) => ended));
}

async function seqsOf({ sessions }: TestedStore, id: string): Promise<Map<string, number>> {
  const seqs = new Map<string, number>();
  for (;;) {
    const page = await sessions.messages(id, { limit: 500, after: seqs.size });
    for (const message of page) seqs.set(message.id, message.seq);
    if (page.length < 500) return seqs;
  }
}

const itContained = canBeContained()
  ? it
  : (title: string) => it.skip(`${title} (skipped: needs pid namespaces)`, () => undefined);

describe.each(['sqlite', 'postgres'] as const)('many processes on %s', (engine) => {
  it('all start at once on a database that is not there yet', async () => {
    for (let round = 0; round < 3; round++) {
      const { task, open } = engines[engine]();
      const tasks = Array.from({ length: 16 }, () => task);
      expect(await run(tasks)).toEqual(tasks.map(() => ''));
      const store = await open();
      expect(await store.maintenance.info()).toMatchObject({ sessionCount: 0 });
      await store.close();
    }
  });

  it('append to one session without loss, gap or error', async () => {
    const { task, open } = engines[engine]();
    const store = await open();
    const { id: sessionId } = await store.sessions.create(aSession());
    const tasks = Array.from({ length: 8 }, () => ({ ...task, sessionId, count: 100 }));
    expect(await run(tasks)).toEqual(tasks.map(() => ''));
    const seqs = [...(await seqsOf(store, sessionId)).values()];
    expect(seqs).toEqual(Array.from({ length: 800 }, (_, index) => index + 1));
    expect(await store.sessions.get(sessionId)).toMatchObject({
      messageCount: 800,
      turnCount: 800,
    });
    await store.close();
  });

  it('lose nothing that was acknowledged when they are killed', async () => {
    const { task, open } = engines[engine]();
    const store = await open();
    const { id: sessionId } = await store.sessions.create(aSession());
    const acknowledged: string[] = [];
    for (let round = 1; round <= 8; round++) {
      const writer = await startStoreProcess({ ...task, sessionId, count: 1000 });
      writer.go();
      await writer.until(round * 3);
      writer.kill();
      expect(await writer.ended).toBe('');
      acknowledged.push(...writer.acknowledged);
    }
    const seqs = await seqsOf(store, sessionId);
    expect(acknowledged.length).toBeGreaterThan(100);
    expect(acknowledged.filter((id) => !seqs.has(id))).toEqual([]);
    expect([...seqs.values()]).toEqual(Array.from({ length: seqs.size }, (_, index) => index + 1));
    expect((await store.sessions.get(sessionId))?.messageCount).toBe(seqs.size);
    await store.close();
  });

  it('leave a living process the session that it holds, also when its lease has expired', async () => {
    const { task, open } = engines[engine]();
    const store = await open();
    const { sessions } = store;
    const { id: sessionId } = await sessions.create(aSession());
    const holding = { ...task, sessionId, holds: true };
    const holder = await startStoreProcess(holding);
    holder.go();
    await holder.until(1);
    const lease = { sessionId, token: 1, holder: aHolder(), expiresAt: noon, lastSeq: 0 };
    await sessions.renewLease(lease, 0);
    const other = await startStoreProcess(holding);
    other.go();
    await other.until(1);
    other.kill();
    expect(await other.ended).toContain('SYNAPSE_SESSION_HELD');
    holder.kill();
    await holder.ended;
    const heir = await startStoreProcess(holding);
    heir.go();
    await heir.until(1);
    expect(heir.acknowledged).toEqual(['2']);
    heir.kill();
    await heir.ended;
    await store.close();
  });

  itContained(
    'in containers of one host name leave each other the sessions that they hold',
    async () => {
      const { task, open } = engines[engine]();
      const store = await open();
      const { id: sessionId } = await store.sessions.create(aSession());
      const contained = { ...task, sessionId, holds: true, isContained: true };
      const holder = await startStoreProcess(contained);
      holder.go();
      await holder.until(1);
      const [token] = holder.acknowledged;
      expect(token).toBe('1');
      for (const isContained of [true, false]) {
        const other = await startStoreProcess({ ...contained, isContained });
        other.go();
        await other.until(1);
        other.kill();
        expect(await other.ended).toContain('SYNAPSE_SESSION_HELD');
      }
      holder.kill();
      await holder.ended;
      await store.close();
    },
  );
});
