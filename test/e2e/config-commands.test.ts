import {
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
  chmodSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readOutput } from '@synapse/test/support/output-schema';
import { SynapseHome, type RunOptions } from '@synapse/test/support/run-synapse';

const CANARY = 'sk-canary-0123456789abcdefghij';

describe('synapse config', () => {
  let home: SynapseHome;
  let file: string;
  beforeEach(() => {
    home = new SynapseHome();
    file = join(home.folder, '.config/synapse/config.toml');
    mkdirSync(join(home.folder, '.config/synapse'), { recursive: true, mode: 0o700 });
  });
  afterEach(() => home.remove());

  const config = (...args: string[]) => home.run(['config', ...args]);
  const write = (text: string) => writeFileSync(file, text, { mode: 0o600 });
  const read = () => readFileSync(file, 'utf8');
  const json = async (name: string, args: string[], options: RunOptions = {}) => {
    const { stdout, stderr, exitCode } = await home.run(['config', ...args, '--json'], options);
    if (exitCode !== 0) throw new Error(stdout + stderr);
    return readOutput(`config-${name}`, stdout);
  };

  it('creates a private file that lists every setting and changes none', async () => {
    expect(await json('path', ['path'])).toMatchObject({ path: file, exists: false });
    expect(await json('init', ['init'])).toMatchObject({ path: file });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(read()).toContain('# max_sessions = 100');
    expect(await json('list', ['list', '--changed'])).toMatchObject({ items: [] });
    expect((await config('init')).exitCode).toBe(73);
  });

  it('sets, gets and removes a value, and keeps comments and layout', async () => {
    write('# mine\n[session]\nmax_sessions = 5   # few\n');
    expect(await json('set', ['set', 'session.max_sessions', '7'])).toMatchObject({ value: 7 });
    expect(read()).toBe('# mine\n[session]\nmax_sessions = 7   # few\n');
    expect((await config('get', 'session.max_sessions')).stdout).toBe('7\n');
    await json('unset', ['unset', 'session.max_sessions']);
    expect(await json('get', ['get', 'session.max_sessions'])).toMatchObject({ value: 100 });
    await config('set', 'prices."gpt-5.2".input', '1.75');
    await config('set', 'providers.lab.base_url', 'http://lab:1234/v1');
    await config('set', 'fallback', 'openai/a, demo');
    expect(await json('list', ['list', '--changed'])).toMatchObject({
      items: [
        { key: 'fallback', value: ['openai/a', 'demo'] },
        { key: 'providers.lab.base_url' },
        { key: 'prices."gpt-5.2".input', value: 1.75 },
      ],
    });
  });

  it('accepts a list as written in the file, and explains the source of a table', async () => {
    const list = ['openai/a', 'demo'];
    const set = await json('set', ['set', 'fallback', JSON.stringify(list)]);
    expect(set).toMatchObject({ value: list });
    await config('set', 'aliases.fast', 'demo');
    for (const [key, line] of [
      ['fallback', 1],
      ['aliases', 4],
    ] as const) {
      expect(await json('explain', ['explain', key])).toMatchObject({
        origin: { source: 'file', line },
      });
    }
    const broken = await config('set', 'fallback', "['openai/a']");
    expect(broken.exitCode).toBe(78);
    expect(broken.stderr).toContain('fallback must be a list of strings: ["…", "…"]');
  });

  it('finds a fallback that names no model', async () => {
    write(`fallback = ["[\\"openai/a\\"", "opnai/b"]\n`);
    const { stdout, exitCode } = await config('validate');
    expect(exitCode).toBe(78);
    expect(stdout).toContain('config.toml:1: fallback "[\\"openai/a\\"" is not a model.');
    expect(stdout).toContain('config.toml:1: fallback "opnai/b": No provider is called "opnai"');
  });

  it('refuses a wrong value with the right form, and writes nothing', async () => {
    write('# mine\n');
    for (const [key, value] of [
      ['session.max_sessions', 'many'],
      ['session.max_sessions', '-1'],
      ['output.color', 'green'],
      ['tools.network', 'maybe'],
      ['limits.max_cost_run', '1e999'],
    ] as const) {
      const { stderr, exitCode } = await config('set', key, '--', value);
      expect([key, exitCode]).toEqual([key, 78]);
      expect(stderr).toContain(`${key} must be `);
    }
    const misspelt = await config('set', 'session.max_session', '1');
    expect(misspelt.exitCode).toBe(2);
    expect(misspelt.stderr).toContain('"session.max_sessions"');
    expect((await config('set', 'session', '1')).exitCode).toBe(2);
    expect((await config('set', 'providers', '1')).exitCode).toBe(2);
    expect(read()).toBe('# mine\n');
  });

  it('shows the source of a value: default, line of the file, variable, flag', async () => {
    write('\n\n[session]\ndatabase_url = "one.db"\n');
    const explain = (options: RunOptions = {}, ...args: string[]) =>
      json('explain', ['explain', 'session.database_url', ...args], options);
    expect(await explain()).toMatchObject({ value: 'one.db', origin: { source: 'file', line: 4 } });
    const environment = { DATABASE_URL: `postgres://me:${CANARY}@host/db` };
    const explained = await explain({ environment });
    expect(explained).toMatchObject({ origin: { source: 'environment', name: 'DATABASE_URL' } });
    expect(JSON.stringify(explained)).not.toContain(CANARY);
    expect(await explain({ environment }, '--database', 'two.db')).toMatchObject({
      value: 'two.db',
      origin: { source: 'flag' },
    });
    expect(await json('explain', ['explain', 'log.level'])).toMatchObject({
      origin: { source: 'default' },
    });
  });

  it('lists every problem with its line and ends with 78', async () => {
    write('[session]\nmax_sessions = "x"\ntrash_day = 1\n');
    const { stdout, exitCode } = await config('validate', '--json');
    expect(exitCode).toBe(78);
    expect(readOutput('config-validate', stdout)).toMatchObject({
      ok: false,
      problems: [
        { line: 2, key: 'session.max_sessions' },
        { line: 3, key: 'session.trash_day' },
      ],
    });
    expect((await config('set', 'session.max_sessions', '3')).exitCode).toBe(0);
    write('this is [no toml');
    expect((await config('set', 'session.max_sessions', '3')).exitCode).toBe(78);
    expect(read()).toBe('this is [no toml');
  });

  it('shows no secret and takes none from the arguments', async () => {
    write(
      `[providers.lab]\nbase_url = "http://lab"\napi_key = "${CANARY}"\nheaders = { x-auth = "${CANARY}2" }\n`,
    );
    for (const args of [
      ['list'],
      ['list', '--json'],
      ['get', 'providers.lab.api_key'],
      ['get', 'providers'],
      ['explain', 'providers.lab.headers.x-auth'],
      ['set', 'providers.lab.api_key', `${CANARY}3`],
    ]) {
      const { stdout, stderr } = await config(...args);
      expect(stdout + stderr).not.toContain('canary');
    }
    const set = await home.run(['config', 'set', 'providers.lab.headers.x-auth', '-'], {
      stdin: 'fresh-value\n',
    });
    expect(set).toMatchObject({ exitCode: 0, stdout: '' });
    expect(read()).toContain('fresh-value');
  });

  it('keeps a link to a file elsewhere a link', async () => {
    const elsewhere = join(home.folder, 'dotfiles.toml');
    writeFileSync(elsewhere, '# mine\n');
    symlinkSync(elsewhere, file);
    await config('set', 'model', 'gpt-6-sol');
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(readFileSync(elsewhere, 'utf8')).toContain('gpt-6-sol');
  });

  it('opens the editor and checks the result', async () => {
    const editor = join(home.folder, 'my editor');
    writeFileSync(editor, '#!/bin/sh\necho "modell = 1" > "$1"\n');
    chmodSync(editor, 0o755);
    const environment = { EDITOR: `"${editor}"` };
    const { stderr, exitCode } = await home.run(['config', 'edit'], { environment });
    expect(exitCode).toBe(78);
    expect(stderr).toContain('config.toml:1: modell is not a setting; did you mean "model"?');
    expect((await config('edit')).exitCode).toBe(2);
  });
});
