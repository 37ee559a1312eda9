// A process that uses a store, for tests that need several of them or have to kill one. It runs what
// was built. It says `ready`, waits for a line, and then says each message that was acknowledged. When
// one fails and it `persists`, it says so, waits for another line and tries again. One that cleans up
// says each session that was purged; one that holds its session says the token of its lease, and waits.
import { once } from 'node:events';

const {
  engine,
  options,
  sessionId,
  count = 0,
  persists = false,
  holds = false,
  cleansUpAtMs,
} = JSON.parse(process.argv[2] ?? '{}');
const core = await import('@synapse/core');
const turns = await import('@synapse/core/conversation');
const { applyRetention, defaultRetentionSettings, newId, newMessage } = core;
const open =
  engine === 'sqlite'
    ? (await import('@synapse/storage-sqlite')).openSqliteStore
    : (await import('@synapse/storage-postgres')).openPostgresStore;

// Loads all that is loaded on first use, so that processes that begin at once do collide.
if (engine === 'sqlite') await (await open({ path: ':memory:' })).close();
else await Promise.all([import('knex'), import('pg')]);
process.stdout.write('ready\n');
await once(process.stdin, 'data');

try {
  const store = await open(options);
  if (holds) await holdForGood(store);
  for (let index = 0; index < count; index++) {
    const id = newId();
    const parts = [{ type: 'text', text: `${process.pid}: ${index} ${'…'.repeat(50)}` }];
    const message = newMessage({ id, role: 'user', parts, createdAt: new Date() });
    try {
      await store.sessions.append(sessionId, [message], null);
    } catch (error) {
      if (!persists) throw error;
      process.stdout.write(`failed ${error.code}\n`);
      await once(process.stdin, 'data');
      await store.sessions.append(sessionId, [message], null);
    }
    process.stdout.write(`${id}\n`);
  }
  if (cleansUpAtMs !== undefined) await cleanUp(store);
  await store.close();
} catch (error) {
  process.stderr.write(`${error.code} ${error.message} ${error.cause ?? ''}\n`, () =>
    process.exit(1),
  );
}
process.stdin.destroy();

async function holdForGood({ sessions }) {
  const { silentLogger: logger, systemClock: clock } = core;
  const { holdLease, holderState: lifeOf, thisProcess } = turns;
  const holder = thisProcess();
  const { lease } = await holdLease({ sessions, sessionId, holder, clock, logger, lifeOf });
  process.stdout.write(`${lease.token}\n`);
  await new Promise(() => undefined);
}

async function cleanUp({ retention }) {
  const purge = retention.purge.bind(retention);
  retention.purge = async (candidates, note) => {
    const ids = await purge(candidates, note);
    for (const id of ids) process.stdout.write(`${id}\n`);
    return ids;
  };
  if (await retention.isScrubDue()) await retention.scrub();
  const clock = { now: () => new Date(cleansUpAtMs) };
  await applyRetention(retention, clock, defaultRetentionSettings, { isConfirmed: true });
}
