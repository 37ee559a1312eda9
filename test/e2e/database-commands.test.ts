import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readOutput } from '@synapse/test/support/output-schema';
import { usePostgres } from '@synapse/test/support/postgres-for-tests';
import { SynapseHome } from '@synapse/test/support/run-synapse';

describe('synapse db', () => {
  const postgres = usePostgres();
  let home: SynapseHome;
  beforeEach(() => {
    home = new SynapseHome();
  });
  afterEach(() => home.remove());

  const database = () => join(home.folder, '.config/synapse/sessions.db');
  const json = async (name: string, ...args: string[]) => {
    const { stdout, stderr, exitCode } = await home.run([...args, '--json']);
    if (exitCode !== 0) throw new Error(stdout + stderr);
    return readOutput(name, stdout);
  };
  const ask = (...args: string[]) => home.run(['--provider', 'demo', ...args]);

  it('reports a missing database, and does not create it', async () => {
    expect(await json('db-status', 'db', 'status')).toMatchObject({ exists: false });
    expect(readdirSync(home.folder)).not.toContain('.config');
  });

  it('backs up and restores, and moves the current database aside', async () => {
    await ask('first');
    const backup = await json('db-backup', 'db', 'backup', 'kept.db');
    expect(statSync(String(backup.path)).mode & 0o777).toBe(0o600);
    await ask('second');

    const refused = await home.run(['db', 'restore', 'kept.db']);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('synapse db restore --yes kept.db');
    const planned = await json('db-restore', 'db', 'restore', 'kept.db', '--dry-run');
    expect(planned).toMatchObject({ isDryRun: true, sessionCount: 2 });

    const done = await json('db-restore', 'db', 'restore', 'kept.db', '--yes');
    expect(await json('db-info', 'db', 'info')).toMatchObject({ sessionCount: 1, messageCount: 2 });
    const aside = await json('db-info', 'db', 'info', '--database', String(done.asidePath));
    expect(aside).toMatchObject({ sessionCount: 2 });
  });

  it('never overwrites a file without --force', async () => {
    await ask('first');
    writeFileSync(join(home.folder, 'mine.txt'), 'mine');
    expect((await home.run(['db', 'backup', 'mine.txt'])).exitCode).toBe(73);
    expect(readFileSync(join(home.folder, 'mine.txt'), 'utf8')).toBe('mine');
    expect((await home.run(['db', 'backup', 'mine.txt', '--force'])).exitCode).toBe(0);
  });

  it.each([
    [['db', 'backup', 'mine.txt/a.db'], 73, 'a part of its path is not a folder', 'another file'],
    [['db', 'backup', '.', '--force'], 73, 'is not a regular file', 'Name another file'],
    [['db', 'restore', 'mine.txt/a.db', '--yes'], 66, 'There is no backup at'],
    [['db', 'copy', 'mine.txt/a.db', 'b.db'], 66, 'There is no Synapse database'],
    [['db', 'copy', '.', 'b.db'], 66, 'There is no Synapse database'],
    [['db', 'info', '--database', 'mine.txt/a.db'], 66, 'There is no database'],
    [['-r', '-p', 'demo', '--database', 'mine.txt/a.db'], 73, 'a part of its path is not a folder'],
  ] as [string[], number, ...string[]][])(
    'says of a path that leads nowhere: %j',
    async (args, code, ...said) => {
      await ask('first');
      writeFileSync(join(home.folder, 'mine.txt'), 'mine');
      const { stdout, stderr, exitCode } = await home.run(args);
      for (const words of said) expect(stderr).toContain(words);
      expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: code });
    },
  );

  it('refuses to restore a file that is not a backup', async () => {
    await ask('first');
    writeFileSync(join(home.folder, 'mine.txt'), 'mine'.repeat(1000));
    const { exitCode } = await home.run(['db', 'restore', 'mine.txt', '--yes']);
    expect([74, 78]).toContain(exitCode);
    expect((await home.run(['db', 'restore', 'nowhere.db', '--yes'])).exitCode).toBe(66);
    expect(await json('db-info', 'db', 'info')).toMatchObject({ sessionCount: 1 });
  });

  it('reverts a schema step, shows it as pending, and applies it again', async () => {
    await ask('first');
    const { takenBack, backup } = await json('db-rollback', 'db', 'rollback', '--yes');
    expect(statSync(String(backup)).size).toBeGreaterThan(0);
    expect(await json('db-status', 'db', 'status')).toMatchObject({ pending: [takenBack] });
    expect(await json('db-migrate', 'db', 'migrate', '--dry-run')).toMatchObject({
      pending: [takenBack],
    });
    expect(await json('db-migrate', 'db', 'migrate')).toMatchObject({ pending: [] });
    expect(await json('db-check', 'db', 'check')).toMatchObject({ ok: true, items: [] });
  });

  it('finds damage and ends with 74', async () => {
    await ask('a text to be damaged');
    await home.run(['db', 'vacuum', '--json']);
    const bytes = readFileSync(database());
    const place = bytes.indexOf('"a text to be damaged"');
    expect(place).toBeGreaterThan(0);
    bytes.write('"a text to be DAMAGED"', place);
    writeFileSync(database(), bytes);
    const { stdout, exitCode } = await home.run(['db', 'check', '--json']);
    expect(exitCode).toBe(74);
    expect(readOutput('db-check', stdout)).toMatchObject({ ok: false });
  });

  it('vacuums', async () => {
    await ask('first');
    expect(Number((await json('db-vacuum', 'db', 'vacuum')).afterBytes)).toBeGreaterThan(0);
  });

  it('copies to another file, and again without a second copy', async () => {
    await ask('first');
    const args = ['db', 'copy', database(), 'sqlite:copy.db'];
    expect(await json('db-copy', ...args, '--dry-run')).toMatchObject({ sessionCount: 1 });
    expect(readdirSync(home.folder)).not.toContain('copy.db');
    expect(await json('db-copy', ...args, '--verify')).toMatchObject({
      addedCount: 1,
      findings: [],
      differing: [],
    });
    expect(await json('db-copy', ...args)).toMatchObject({ addedCount: 0, presentCount: 1 });
    await home.run(['-p', 'demo', '-s', 'last', 'second']);
    expect(await json('db-copy', ...args)).toMatchObject({ extendedCount: 1, differing: [] });
    expect((await home.run(['db', 'copy', 'none.db', 'copy.db'])).exitCode).toBe(66);
    expect((await home.run(['db', 'copy', 'copy.db', './copy.db'])).exitCode).toBe(2);
  });

  it('moves to PostgreSQL and back to a file', async () => {
    await ask('first');
    const name = `synapse_e2e_${process.pid}`;
    await postgres.run(`create database ${name}`);
    const url = new URL(postgres.url);
    url.pathname = name;
    const environment = { DATABASE_URL: url.href };
    try {
      expect(await json('db-copy', 'db', 'copy', database(), url.href, '--verify')).toMatchObject({
        addedCount: 1,
        findings: [],
      });
      const shown = await home.run(['db', 'status'], { environment });
      expect(shown.stdout).toContain('postgres');
      if (url.password) expect(shown.stdout).not.toContain(url.password);

      const backup = await home.run(['db', 'backup', 'from-postgres.db', '--json'], {
        environment,
      });
      expect(readOutput('db-backup', backup.stdout).byteSize).toBeGreaterThan(0);
      const { exitCode } = await home.run(['db', 'restore', 'from-postgres.db', '-y'], {
        environment,
      });
      expect(exitCode).toBe(73);
      const file = ['--database', 'from-postgres.db'];
      expect(await json('db-check', 'db', 'check', ...file)).toMatchObject({ ok: true });
      expect(await json('db-info', 'db', 'info', ...file)).toMatchObject({ sessionCount: 1 });
      expect(readdirSync(home.folder).filter((entry) => entry.includes('partial'))).toEqual([]);
    } finally {
      await postgres.run(`drop database ${name} with (force)`);
    }
  });

  it('adopts a database of another program with db migrate alone', async () => {
    const name = `synapse_foreign_${process.pid}`;
    await postgres.run(`create database ${name}`);
    const url = new URL(postgres.url);
    url.pathname = name;
    const environment = { DATABASE_URL: url.href };
    const pg = await import('pg');
    const client = new pg.default.Client({ connectionString: url.href });
    try {
      await client.connect();
      await client.query('create table theirs (id int)');
      await client.end();
      const refused = await home.run(['db', 'info'], { environment });
      expect(refused.exitCode).toBe(78);
      expect(refused.stderr).toContain('synapse db migrate');
      expect((await home.run(['db', 'migrate'], { environment })).exitCode).toBe(2);
      expect((await home.run(['db', 'migrate', '--yes'], { environment })).exitCode).toBe(0);
      expect((await home.run(['db', 'info'], { environment })).exitCode).toBe(0);
    } finally {
      await postgres.run(`drop database ${name} with (force)`);
    }
  });
});
