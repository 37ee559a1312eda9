import type { ChildProcess } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { usePostgres } from '@synapse/test/support/postgres-for-tests';
import { openStdin, outcomeOf, SynapseHome } from '@synapse/test/support/run-synapse';
import { until } from '@synapse/test/support/until';

const postgres = usePostgres();

describe('A conversation whose PostgreSQL database', () => {
  let home: SynapseHome;
  let child: ChildProcess | undefined;
  beforeEach(() => {
    home = new SynapseHome();
  });
  afterEach(() => {
    child?.kill('SIGKILL');
    home.remove();
  });

  /** Sends lines, each when the one before is done: what follows it is an unknown command. */
  function converse(url: string) {
    const environment = { SYNAPSE_DATABASE_URL: url, SYNAPSE_PROVIDER: 'demo' };
    const started = home.start(['-r'], { stdin: openStdin, environment });
    child = started;
    let output = '';
    started.stdout?.on('data', (data: Buffer) => (output += data.toString()));
    started.stderr?.on('data', (data: Buffer) => (output += data.toString()));
    let count = 0;
    return {
      say: async (line: string): Promise<string> => {
        const end = `/nothing-${++count}`;
        output = '';
        started.stdin?.write(`${line}\n${end}\n`);
        await until(() => output.includes(end));
        return output;
      },
      end: async () => {
        const ended = outcomeOf(started);
        started.stdin?.end();
        return (await ended).exitCode;
      },
    };
  }

  async function aDatabase() {
    const url = await postgres.newDatabase();
    const name = new URL(url).pathname.slice(1);
    const endOthers = `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`;
    return { url, name, endOthers };
  }

  it('is restored from an older copy is not continued behind the gap', async () => {
    const { url, name, endOthers } = await aDatabase();
    const { say, end } = converse(url);
    await say('first');
    await postgres.run(endOthers, `create database ${name}_copy template ${name}`);
    await say('second');
    await postgres.run(
      `drop database ${name} with (force)`,
      `alter database ${name}_copy rename to ${name}`,
    );
    const refused = await say('third');
    expect(refused).toContain('replaced by an older copy: 2 messages are missing');
    expect(refused).not.toContain('provider of Synapse');
    expect(await say('/switch last')).toContain('2 messages');
    expect(await say('fourth')).toContain('and now:\n\n> fourth');
    await end();
    const shown = await home.run(['sessions', 'show', 'last', '--database', url, '--json']);
    const { messages } = JSON.parse(shown.stdout) as { messages: { seq: number }[] };
    expect(messages.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
  });

  it('is created again reports that, and /new works once the tables are made', async () => {
    const { url, name } = await aDatabase();
    const { say, end } = converse(url);
    await say('first');
    await postgres.run(`drop database ${name} with (force)`, `create database ${name}`);
    expect(await say('second')).toContain('no longer has the tables of Synapse');
    expect(await say('/new')).toContain('starts a new session');
    expect(await say('third')).toContain('synapse db migrate');
    expect((await home.run(['db', 'migrate', '--database', url])).exitCode).toBe(0);
    expect(await say('fourth')).toContain('> fourth');
    await end();
    const { stdout } = await home.run(['sessions', 'list', '--database', url, '--json']);
    expect(stdout).toContain('fourth');
  });
});
