// A process that uses a SQLite store and is made to fail or to die in mid-work. It runs what was built.
// Every line is written at once, so that none is lost with the process.
import { writeSync } from 'node:fs';

const {
  job,
  path,
  target,
  sessionId,
  longId,
  count = 1,
  isWeak = false,
} = JSON.parse(process.argv[2]);
const { applyRetention, newId, newMessage } = await import('@synapse/core');
const { openSqliteStore } = await import('@synapse/storage-sqlite');
if (isWeak) await weaken();

const say = (line) => writeSync(1, `${line}\n`);
const jobs = {
  open: async () => undefined,
  append: async ({ sessions }) => {
    for (let index = 0; index < count; index++) {
      const id = newId();
      const parts = [{ type: 'text', text: `${index} ${'word '.repeat(40)}` }];
      await report(async () => {
        const message = newMessage({ id, role: 'user', parts, createdAt: new Date() });
        await sessions.append(sessionId, [message], null);
        say(`ack ${id}`);
      });
    }
  },
  cleanup: async ({ retention }) => {
    const settings = { maxSessions: 2, retentionDays: 30, minAgeDays: 0, trashDays: 1 };
    const clock = { now: () => new Date() };
    await report(() => applyRetention(retention, clock, settings, { isConfirmed: true }));
  },
  purge: ({ sessions }) => report(() => sessions.purge([longId])),
  backup: ({ maintenance }) =>
    report(() => maintenance.fileBackup.write(target, { overwrite: true })),
  vacuum: ({ maintenance }) => report(() => maintenance.vacuum()),
};

await report(async () => {
  const store = await openSqliteStore({ path });
  say('opened');
  await jobs[job](store);
  await store.close();
});

async function report(work) {
  try {
    await work();
  } catch (error) {
    say(`error ${error.code ?? error.name}`);
    if (!String(error.code).startsWith('SYNAPSE_')) say(`unexpected ${error.stack}`);
  }
}

/** The negative control: the store believes in a durability that it doesn't have. */
async function weaken() {
  const { Database } = (await import('sqlite3')).default;
  const { exec, get } = Database.prototype;
  Database.prototype.exec = function (sql, ...rest) {
    return exec.call(this, sql.replace('synchronous = full', 'synchronous = normal'), ...rest);
  };
  Database.prototype.get = function (sql, ...rest) {
    return get.call(
      this,
      sql.replace('(select synchronous from pragma_synchronous)', '2'),
      ...rest,
    );
  };
}
