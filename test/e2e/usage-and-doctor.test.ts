import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readOutput } from '@synapse/test/support/output-schema';
import { SynapseHome, type RunOptions } from '@synapse/test/support/run-synapse';
import { mayMount, withSmallDisk } from '@synapse/test/support/small-disk';

const CANARY = 'sk-canary-0123456789abcdefghij';

describe('usage and doctor', () => {
  let home: SynapseHome;
  beforeEach(() => {
    home = new SynapseHome();
  });
  afterEach(() => home.remove());

  const doctor = async (options: RunOptions = {}) => {
    const { stdout, stderr, exitCode } = await home.run(['doctor', '--json'], options);
    const { items, ok } = readOutput('doctor', stdout) as {
      ok: boolean;
      items: { name: string; status: string; text: string; advice: string | null }[];
    };
    return { items, ok, exitCode, text: stdout + stderr };
  };

  it('shows what answers used by everything that it can be grouped by', async () => {
    const { exitCode, stdout, stderr } = await home.run(['usage']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
    expect(stderr).toContain('no answers yet');
    await home.run(['-p', 'demo', '-s', 'work', 'one']);
    await home.run(['-s', 'work', 'two']);
    for (const [by, key] of [
      ['day', new Date().toISOString().slice(0, 10)],
      ['model', 'demo/demo-1'],
      ['provider', 'demo'],
      ['tag', null],
    ] as const) {
      const shown = await home.run(['usage', '--by', by, '--json']);
      expect(readOutput('usage', shown.stdout)).toMatchObject({
        by,
        items: [{ key, answerCount: 2, failedCount: 0, costUsd: 0 }],
      });
    }
    const bySession = await home.run(['usage', '--by', 'session', '--csv', '--since', '1h']);
    expect(bySession.stdout).toMatch(/^key,label,answers.*\r\n[0-9a-f-]{36},work,2,0,0,\d+/);
    expect((await home.run(['usage', '--since', 'soon'])).exitCode).toBe(2);
    expect((await home.run(['usage', '--csv', '--json'])).exitCode).toBe(2);
  });

  it('finds nothing wrong with a new home, and makes nothing in it', async () => {
    const { ok, exitCode, items } = await doctor();
    expect({ ok, exitCode }).toEqual({ ok: true, exitCode: 0 });
    expect(items.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['synapse', 'node', 'clock', 'settings', 'log', 'database', 'key']),
    );
    expect(existsSync(join(home.folder, '.config'))).toBe(false);
  });

  it('names keys that are there, never the keys, and files that others can read', async () => {
    await home.run(['-p', 'demo', 'hello']);
    chmodSync(join(home.folder, '.config/synapse'), 0o755);
    const { items, exitCode, text } = await doctor({ environment: { OPENAI_API_KEY: CANARY } });
    expect(exitCode).toBe(0);
    expect(items).toContainEqual({
      name: 'key',
      status: 'ok',
      text: 'openai: variable OPENAI_API_KEY',
      advice: null,
    });
    expect(items.find(({ status }) => status === 'warn')).toMatchObject({
      name: 'file mode',
      advice: expect.stringContaining('chmod') as unknown,
    });
    expect(text).not.toContain('canary');
  });

  it('takes a folder of settings that is none for one without any', async () => {
    const file = join(home.folder, 'file');
    writeFileSync(file, '');
    const { items, exitCode } = await doctor({ environment: { XDG_CONFIG_HOME: file } });
    // No database can be made there either.
    expect(exitCode).toBe(73);
    expect(items.find(({ name }) => name === 'settings')?.text).toContain('not found');
  });

  it('goes on behind settings that are wrong, and ends with their code', async () => {
    const folder = join(home.folder, '.config/synapse');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, 'config.toml'), '\nmodell = 1\n', { mode: 0o600 });
    const { items, exitCode } = await doctor();
    expect(exitCode).toBe(78);
    expect(items.find(({ status }) => status === 'fail')?.text).toContain('config.toml:2: modell');
  });

  it('tells of a database that is none, or cannot be reached', async () => {
    const file = join(home.folder, 'no.db');
    writeFileSync(file, 'no database'.repeat(1000));
    const broken = await doctor({ environment: { SYNAPSE_DATABASE_URL: file } });
    expect(broken.exitCode).toBe(74);
    const url = `postgres://me:${CANARY}@127.0.0.1:1/x`;
    const away = await doctor({ environment: { SYNAPSE_DATABASE_URL: url } });
    expect(away.exitCode).toBe(74);
    expect(away.text).not.toContain('canary');
  });

  it('tells of a database that has no folder, and makes none', async () => {
    const folder = join(home.folder, 'misspelt');
    const environment = { SYNAPSE_DATABASE_URL: join(folder, 'a.db') };
    const { items, exitCode } = await doctor({ environment });
    expect(items.find(({ status }) => status === 'fail')?.text).toContain(folder);
    expect(exitCode).toBe(73);
    expect(existsSync(folder)).toBe(false);
  });

  const run = mayMount() ? it : it.skip;
  run('tells of a database that can’t be written, also root (needs to mount)', async () => {
    await withSmallDisk(8 << 10, async (place) => {
      const environment = { SYNAPSE_DATABASE_URL: join(place, 'a.db') };
      await home.run(['-p', 'demo', 'first'], { environment });
      const writing = async () => {
        const { items, exitCode } = await doctor({ environment });
        const { status, text } = items.find(({ name }) => name === 'writing')!;
        return { status, text, exitCode };
      };
      expect(await writing()).toMatchObject({ status: 'ok' });
      expect(readdirSync(place).filter((name) => name.includes('partial'))).toEqual([]);

      const { bavail, bsize } = statfsSync(place);
      writeFileSync(join(place, 'ballast'), Buffer.alloc(bavail * bsize));
      expect(await writing()).toMatchObject({ status: 'fail', exitCode: 74 });
      rmSync(join(place, 'ballast'));

      execFileSync('mount', ['-o', 'remount,ro', place]);
      expect(await writing()).toMatchObject({ status: 'fail', exitCode: 73 });
    });
  });

  it('asks providers only when told to', async () => {
    const environment = { OPENAI_API_KEY: CANARY, OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' };
    expect((await doctor({ environment })).exitCode).toBe(0);
    const online = await home.run(['doctor', '--online'], { environment });
    expect(online.exitCode).toBe(69);
    expect(online.stdout).toMatch(/fail {2}provider: openai at http:\/\/127\.0\.0\.1:1/);
  });
});
