import { expect, it } from '@jest/globals';
import { usePostgres } from '@synapse/test/support/postgres-for-tests';
import { aMessage, aSession } from '@synapse/test/support/samples';
import { until } from '@synapse/test/support/until';
import pg from 'pg';
import { openPostgresStore } from './open-postgres-store.ts';

const postgres = usePostgres();
const GATE = 7_312_001;

it('keeps bytes that one session starts to use while another stops using them', async () => {
  const schema = postgres.newSchema();
  const store = await openPostgresStore({ url: postgres.url, schema, allowForeign: true });
  const attachment = await store.attachments.put({
    ...{ bytes: Uint8Array.of(1, 2, 3), mediaType: 'image/png', name: null },
  });
  const [first, second] = [
    await store.sessions.create(aSession()),
    await store.sessions.create(aSession()),
  ];
  const picture = () => aMessage('', { parts: [{ type: 'image', attachment }] });
  await store.sessions.append(first.id, [picture()], null);

  const gate = new pg.Client({ connectionString: postgres.url });
  await gate.connect();
  await gate.query(`
    create function ${schema}.wait_at_gate() returns trigger language plpgsql
      as $$ begin perform pg_advisory_xact_lock(${GATE}); return new; end $$;
    create trigger gate after insert on ${schema}.session_attachments
      for each row execute function ${schema}.wait_at_gate();
    select pg_advisory_lock(${GATE})`);
  const waiting = async (kind: string) => {
    const { rows } = await gate.query<{ count: string }>(
      `select count(*) from pg_stat_activity where wait_event_type = 'Lock' and wait_event = $1
       and query like '%' || $2 || '%'`,
      [kind, schema],
    );
    return Number(rows[0]?.count);
  };

  const appended = store.sessions.append(second.id, [picture()], null);
  await until(async () => (await waiting('advisory')) === 1);
  let isPurged = false;
  const purged = store.sessions.purge([first.id]).finally(() => (isPurged = true));
  await until(async () => isPurged || (await waiting('transactionid')) === 1);
  await gate.query(`select pg_advisory_unlock(${GATE})`);
  await Promise.all([appended, purged]);
  await gate.end();

  expect(await store.attachments.get(attachment.sha256)).toEqual(Uint8Array.of(1, 2, 3));
  expect(await store.maintenance.check()).toEqual([]);
  await store.close();
});
