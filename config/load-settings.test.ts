import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { exampleToml } from './example-toml.ts';
import { isLeaf, isTableOf } from './leaf.ts';
import { leavesOf, loadSettings } from './load-settings.ts';
import { InvalidSettingsError } from './problem.ts';
import { schema } from './schema.ts';

describe('loadSettings', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'synapse-config-'));
    file = join(folder, 'config.toml');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const load = async (toml: string | Uint8Array, environment = {}, flags = {}) => {
    await writeFile(file, toml, { mode: 0o600 });
    return loadSettings({
      environment: { SYNAPSE_CONFIG: file, HOME: folder, ...environment },
      flags,
    });
  };
  const failure = async (toml: string | Uint8Array, environment = {}) => {
    const error: unknown = await load(toml, environment).catch((reason: unknown) => reason);
    if (!(error instanceof InvalidSettingsError)) throw new Error('was accepted');
    return error.message.replaceAll(file, 'FILE');
  };

  it('accepts names with dots, as models have', async () => {
    const { settings } = await load('[prices."gpt-5.2"]\ninput = 1.5\n[aliases]\n"a.b" = "c.d"\n');
    expect(settings.prices).toEqual({ 'gpt-5.2': { input: 1.5 } });
    expect(settings.aliases).toEqual({ 'a.b': 'c.d' });
  });

  it.each([
    ['config/example.toml', () => readFile('config/example.toml', 'utf8')],
    ['the file of `config init`', () => exampleToml()],
  ])('accepts every setting of %s once it is no longer a comment', async (_name, read) => {
    const example = await read();
    const toml = example.replaceAll(/^# (?=\[[\w.-]+\]$|[\w-]+ = )/gm, '');
    const { settings } = await load(toml);
    const leaves = leavesOf(schema).flatMap(([, leaf]) =>
      isTableOf(leaf) && !isLeaf(leaf.entry) ? Object.values(leaf.entry) : [leaf],
    );
    expect(toml.match(/^[\w-]+ = /gm)).toHaveLength(leaves.length);
    expect(settings).toMatchObject({
      model: 'openai/gpt-6-sol',
      aliases: { fast: 'openai/gpt-6-luna' },
      providers: { 'my-server': { headers: { 'x-project': 'notes' } } },
    });
    expect(await load(example)).toMatchObject({ origins: new Map() });
  });

  it('has the documented defaults', async () => {
    const { settings, origins } = await loadSettings({ environment: { HOME: folder } });
    expect(settings.session).toMatchObject({
      max_sessions: 100,
      retention_days: 90,
      min_age_days: 0,
      trash_days: 30,
      auto_cleanup: true,
    });
    expect(origins.size).toBe(0);
  });

  it('lets a variable override the file, and a flag override both', async () => {
    const toml = 'model = "from-file"\nprovider = "from-file"\n[session]\nmax_sessions = 7';
    const environment = { SYNAPSE_MODEL: 'from-variable', SYNAPSE_PROVIDER: 'from-variable' };
    const { settings, origins } = await load(toml, environment, { model: 'from-flag' });
    expect(settings).toMatchObject({ model: 'from-flag', provider: 'from-variable' });
    expect(settings.session.max_sessions).toBe(7);
    expect(origins.get('model')?.source).toBe('flag');
    expect(origins.get('provider')).toEqual({ source: 'environment', name: 'SYNAPSE_PROVIDER' });
    expect(origins.get('session.max_sessions')).toEqual({ source: 'file', name: file });
  });

  it('prefers SYNAPSE_DATABASE_URL to DATABASE_URL, and ignores empty ones', async () => {
    const both = { SYNAPSE_DATABASE_URL: 'sqlite:a', DATABASE_URL: 'sqlite:b' };
    expect((await load('', both)).settings.session.database_url).toBe('sqlite:a');
    const one = { SYNAPSE_DATABASE_URL: '', DATABASE_URL: 'sqlite:b' };
    expect((await load('', one)).settings.session.database_url).toBe('sqlite:b');
  });

  it('reads tables with user-defined names', async () => {
    const { settings } = await load(
      '[providers.work]\nbase_url = "http://localhost:1"\n[providers.work.headers]\nx-team = "a"\n[aliases]\nfast = "work/small"',
    );
    expect(settings.providers.work).toEqual({
      base_url: 'http://localhost:1',
      headers: { 'x-team': 'a' },
    });
    expect(settings.aliases).toEqual({ fast: 'work/small' });
  });

  it('expands ${VARIABLES} everywhere and ~ in paths', async () => {
    const { settings } = await load(
      'system_prompt = "for ${WHO}, not $${WHO}"\n[log]\nfile = "~/here.log"',
      { WHO: 'me' },
    );
    expect(settings.system_prompt).toBe('for me, not ${WHO}');
    expect(settings.log.file).toBe(join(folder, 'here.log'));
  });

  it.each([
    [
      'an unknown key',
      '[session]\n\nmax_session = 3',
      'FILE:3: session.max_session is not a setting; did you mean "max_sessions"?',
    ],
    [
      'an unknown table',
      '[sessions]\n',
      'FILE:1: sessions is not a setting; did you mean "session"?',
    ],
    [
      'text for a number',
      '[session]\nmax_sessions = "12"',
      'FILE:2: session.max_sessions must be a whole number from 0 to 1000000000, not "12"',
    ],
    [
      'a negative number',
      'session.max_sessions = -1',
      'FILE:1: session.max_sessions must be a whole number from 0 to 1000000000, not -1',
    ],
    [
      'infinity',
      'session.retention_days = inf',
      'FILE:1: session.retention_days must be a whole number from 0 to 36500, not Infinity',
    ],
    ['a number for text', 'model = 5', 'FILE:1: model must be text in quotes, not 5'],
    ['text for a table', 'session = "x"', 'FILE:1: session must be a table'],
    [
      'a wrong key in a provider',
      '[providers.a]\nbase = "x"',
      'FILE:2: providers.a.base is not a setting',
    ],
    [
      'an inline table',
      'providers = { a = { timeout = 0 } }',
      'FILE:1: providers.a.timeout must be a whole number from 1 to 2000000, not 0',
    ],
    [
      'a time that no timer can run for',
      'limits.timeout = 9999999',
      'FILE:1: limits.timeout must be a whole number from 0 to 2000000, not 9999999',
    ],
    [
      'a time that no command is given',
      'tools.timeout = 3601',
      'FILE:1: tools.timeout must be a whole number from 1 to 3600, not 3601',
    ],
    [
      'a variable that is not set',
      'model = "${NOWHERE}"',
      'FILE:1: model names ${NOWHERE}, which is not set',
    ],
    ['prototype keys', '[__proto__]\nx = 1', 'FILE:1: __proto__ is not a setting'],
  ])('names the file, the line and the expected form for %s', async (_, toml, message) => {
    expect(await failure(toml)).toBe(message);
  });

  it.each(['constructor', '__proto__', 'maybe'])(
    'does not accept %s as true or false',
    async (word) => {
      const loading = load('', {}, { 'output.markdown': word });
      await expect(loading).rejects.toThrow(
        `--output-markdown: must be true or false, not "${word}"`,
      );
    },
  );

  it('never shows the value of a secret', async () => {
    expect(await failure('[providers.a]\napi_key = 12345678')).not.toContain('12345678');
  });

  it('lists every problem at once', async () => {
    const message = await failure('model = 1\nprovider = 2', { SYNAPSE_LOG: 'loud' });
    expect(message.split('\n')).toHaveLength(3);
    expect(message).toContain('SYNAPSE_LOG: must be one of "silent"');
  });

  it('rejects a wrong value in the file even if a flag or a variable overrides it', async () => {
    const toml = 'session.max_sessions = "12"\nlog.level = "loud"\n';
    const environment = { SYNAPSE_LOG: 'debug' };
    const loading = load(toml, environment, { 'session.max_sessions': '5' });
    await expect(loading).rejects.toMatchObject({
      problems: [
        { source: file, line: 1, key: 'session.max_sessions' },
        { source: file, line: 2, key: 'log.level' },
      ],
    });
  });

  it('keeps empty tables', async () => {
    const { settings } = await load('[providers.work]\n[prices]\n[session]\n');
    expect(settings).toMatchObject({ providers: { work: {} }, prices: {}, aliases: {} });
    expect(settings.session.max_sessions).toBe(100);
  });

  it('names the line of invalid TOML', async () => {
    expect(await failure('a = 1\nb = = 2')).toMatch(/^FILE:2: is not TOML: /);
  });

  it('rejects a file that is not UTF-8, a folder, and a named file that is missing', async () => {
    expect(await failure(new Uint8Array([0x61, 0xff]))).toBe('FILE: is not UTF-8 text');
    const inFolder = loadSettings({ environment: { SYNAPSE_CONFIG: folder } });
    await expect(inFolder).rejects.toThrow(`${folder}: can't be read (EISDIR)`);
    const missing = loadSettings({ environment: { SYNAPSE_CONFIG: join(folder, 'no.toml') } });
    await expect(missing).rejects.toThrow('does not exist');
  });

  it('warns when other users can read a file that contains a key', async () => {
    const toml = '[providers.a]\napi_key = "k"';
    expect((await load(toml)).warnings).toEqual([]);
    await chmod(file, 0o644);
    const { warnings } = await loadSettings({ environment: { SYNAPSE_CONFIG: file } });
    expect(warnings).toEqual([
      `${file} contains a key, and other users can read it: chmod 600 ${file}`,
    ]);
  });
});
