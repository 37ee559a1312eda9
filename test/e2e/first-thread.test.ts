import { statSync } from 'node:fs';
import { chmod, readFile, readdir, writeFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { usePostgres } from '@synapse/test/support/postgres-for-tests';
import { openStdin, outcomeOf, SynapseHome } from '@synapse/test/support/run-synapse';

describe('synapse', () => {
  const postgres = usePostgres();
  let home: SynapseHome;
  beforeEach(() => {
    home = new SynapseHome();
  });
  afterEach(() => home.remove());

  const demo = (...args: string[]) => home.run(['--provider', 'demo', ...args]);
  const listed = async (options = {}) => {
    const { stdout } = await home.run(['sessions', 'list', '--json'], options);
    return (JSON.parse(stdout) as { items: Record<string, unknown>[] }).items;
  };

  it('answers on stdout and keeps both messages', async () => {
    const { stdout, stderr, exitCode } = await demo('Hello');
    expect(stdout).toMatch(/^I am the \*\*demo\*\* provider/);
    expect(stdout.endsWith('\n')).toBe(true);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    expect(await listed()).toMatchObject([
      {
        title: 'Hello',
        provider: 'demo',
        messageCount: 2,
        totalTokens: expect.any(Number) as unknown,
      },
    ]);
    const shown = await home.run(['sessions', 'show', 'last']);
    expect(shown.stdout).toContain('Hello');
    expect(shown.stdout).toContain('I am the');
  });

  it('creates the database, private to its owner', async () => {
    await demo('Hello');
    const folder = join(home.folder, '.config/synapse');
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of await readdir(folder)) {
      expect([name, statSync(join(folder, name)).mode & 0o777]).toEqual([name, 0o600]);
    }
  });

  it('continues the last session, and sends its messages', async () => {
    await demo('my name is Ada');
    const { stdout } = await home.run(['-c', 'and now?']);
    expect(stdout).toContain('> my name is Ada');
    expect(await listed()).toMatchObject([{ messageCount: 4 }]);
  });

  it('accepts words without quotes, and text from a pipe', async () => {
    expect((await demo('one', 'two')).stdout).toContain('> one two');
    const piped = await home.run(['-p', 'demo', 'explain'], { stdin: '\uFEFFa\r\nb\n' });
    expect(piped.stdout).toContain('> explain\n> \n> <stdin>\n> a\n> b\n> </stdin>');
    const alone = await home.run(['-p', 'demo'], { stdin: 'just this' });
    expect(alone.stdout).toContain('> just this');
    const placed = await home.run(['-p', 'demo', 'before', '-', 'after'], { stdin: 'x' });
    expect(placed.stdout).toContain('> before \n> \n> <stdin>\n> x\n> </stdin>\n> \n>  after');
  });

  it('reports that it waits for stdin, and continues without it', async () => {
    const { stdout, stderr } = await home.run(['-p', 'demo', 'hi'], { stdin: openStdin });
    expect(stderr).toContain('waiting for text on stdin');
    expect(stderr).toContain('continuing without it');
    expect(stdout).toContain('> hi');
  });

  it('creates a session by name, and resumes it', async () => {
    expect((await demo('-s', 'my-project', 'one')).stderr).toContain(
      'created session "my-project"',
    );
    expect((await demo('-s', 'my-project', 'two')).stderr).toBe('');
    expect(await listed()).toMatchObject([{ handle: 'my-project', messageCount: 4 }]);
  });

  it('forks and takes over only existing sessions', async () => {
    for (const flag of ['--fork', '--take-over']) {
      const outcome = await home.run(['--provider', 'demo', '-s', 'nope', flag, 'hello']);
      expect(outcome).toMatchObject({ exitCode: 66, stdout: '' });
    }
  });

  it('stores nothing of an ephemeral run', async () => {
    expect((await demo('--ephemeral', 'secret')).stdout).toContain('> secret');
    expect(await listed()).toEqual([]);
  });

  it('prints one object for --json, and numbered events for ndjson', async () => {
    const { stdout } = await demo('--json', 'Hello');
    expect(JSON.parse(stdout)).toMatchObject({ v: 1, type: 'result', finishReason: 'stop' });
    const events = (await demo('-o', 'ndjson', 'Hello')).stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { seq: number; type: string });
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index));
    expect(events.at(0)).toMatchObject({ type: 'session', created: true });
    expect(events.at(1)).toMatchObject({ type: 'text-delta' });
    expect(events.at(-1)).toMatchObject({ type: 'result' });
  });

  it('ends with 78 and the way out when no provider is set up', async () => {
    const { stdout, stderr, exitCode } = await home.run(['Hello']);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 78 });
    for (const word of ['ANTHROPIC_API_KEY', 'export', '--provider demo', 'Ollama']) {
      expect(stderr).toContain(word);
    }
    expect(await listed()).toEqual([]);
  });

  it('keeps to DATABASE_URL, SQLite or PostgreSQL', async () => {
    const file = { environment: { DATABASE_URL: 'sqlite:elsewhere.db' } };
    await home.run(['-p', 'demo', 'in a file'], file);
    expect(await readdir(home.folder)).toContain('elsewhere.db');
    const name = `thread_${process.pid}`;
    await postgres.run(`create database ${name}`);
    const url = new URL(postgres.url);
    url.pathname = name;
    const server = { environment: { DATABASE_URL: url.href } };
    await home.run(['-p', 'demo', 'on a server'], server);
    expect(await listed(server)).toMatchObject([{ title: 'on a server', messageCount: 2 }]);
    expect(await listed(file)).toMatchObject([{ title: 'in a file' }]);
    await postgres.run(`drop database ${name} with (force)`);
  });

  it.each([
    [['--nope', 'x'], 2, 'There is no flag --nope'],
    [[''], 2, 'The prompt is missing'],
    [['sessions', 'lits'], 2, 'Did you mean "synapse sessions list"?'],
    [['sessions', 'show', 'nothing'], 66, 'No session matches "nothing"'],
    [['-c', 'x'], 66, 'Nothing is stored yet'],
    [['--database', 'mysql://x', 'hi'], 78, '"mysql:" is not a database type'],
    [['-p', 'dmeo', 'hi'], 2, 'demo'],
  ])('%j ends with %i and explains why', async (args, code, words) => {
    const { stdout, stderr, exitCode } = await home.run(args);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: code });
    expect(stderr).toContain(words);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  it('reports a failure as JSON with --json', async () => {
    const { stdout, stderr, exitCode } = await home.run(['--json', 'Hello']);
    expect(JSON.parse(stdout)).toMatchObject({
      v: 1,
      type: 'error',
      code: 'SYNAPSE_CONFIG',
      exitCode,
    });
    expect(stderr).toBe('');
  });

  it('ends with 78 for a bad setting, with file, line and key', async () => {
    const folder = join(home.folder, '.config/synapse');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'config.toml'), '[session]\nmax_sessions = "many"\n');
    const { stderr, exitCode } = await demo('Hello');
    expect(exitCode).toBe(78);
    expect(stderr).toContain('config.toml:2: session.max_sessions must be a whole number');
  });

  it('warns of a settings file with a key that others may read', async () => {
    const file = join(home.folder, 'shared.toml');
    await writeFile(file, '[providers.acme]\napi_key = "sk-CANARY0123456789"\n');
    await chmod(file, 0o644);
    const { stderr } = await home.run(['-p', 'demo', 'Hello'], {
      environment: { SYNAPSE_CONFIG: file },
    });
    expect(stderr).toContain(`other users can read it: chmod 600 ${file}`);
    expect(stderr).not.toContain('CANARY');
  });

  it('answers --version without the bundle, and --help with examples', async () => {
    expect((await home.run(['--version'])).stdout).toMatch(/^synapse \d+\.\d+\.\d+\n$/);
    expect((await home.run(['--help'])).stdout).toContain('synapse --provider demo "Hello"');
    expect((await home.run(['sessions', '--help'])).stdout).toContain('list');
    expect((await home.run(['sessions', 'list', '--help'])).stdout).toContain('--limit <value>');
    expect((await home.run(['help', 'exit-codes'])).stdout).toContain('130');
  });

  it('lists every variable that it reads', async () => {
    const { stdout } = await home.run(['help', 'environment']);
    const names = [
      ...['SYNAPSE_CONFIG', 'SYNAPSE_DATABASE_URL', 'DATABASE_URL', 'SYNAPSE_PROVIDER'],
      ...['SYNAPSE_MODEL', 'SYNAPSE_SESSION', 'SYNAPSE_LOG', 'SYNAPSE_LOG_FORMAT'],
      ...['SYNAPSE_MCP_CONFIG', 'OPENAI_API_KEY', 'ANTHROPIC_API_KEY', 'OPENAI_BASE_URL'],
      ...['ANTHROPIC_BASE_URL', 'OLLAMA_HOST', 'XDG_CONFIG_HOME', 'XDG_STATE_HOME'],
      ...['XDG_CACHE_HOME', 'NO_COLOR', 'FORCE_COLOR', 'PAGER', 'EDITOR', 'VISUAL', 'HTTPS_PROXY'],
    ];
    expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(stdout))).toEqual([]);
  });

  it('keeps to every variable of its own', async () => {
    const at = (name: string) => join(home.folder, name);
    await writeFile(at('mine.toml'), 'model = "demo/demo-1"\n');
    await writeFile(at('servers.json'), '{"mcpServers":{"mine":{"command":"none"}}}');
    const environment = {
      SYNAPSE_CONFIG: at('mine.toml'),
      SYNAPSE_DATABASE_URL: at('mine.db'),
      DATABASE_URL: at('weaker.db'),
      SYNAPSE_PROVIDER: 'demo',
      SYNAPSE_SESSION: 'of-this-terminal',
      SYNAPSE_LOG: 'debug',
      SYNAPSE_LOG_FORMAT: 'json',
      SYNAPSE_MCP_CONFIG: at('servers.json'),
      XDG_CONFIG_HOME: at('config'),
      XDG_STATE_HOME: at('state'),
      XDG_CACHE_HOME: at('cache'),
    };
    await home.run(['Hello'], { environment });
    expect(await listed({ environment })).toMatchObject([
      { handle: 'of-this-terminal', provider: 'demo', messageCount: 2 },
    ]);
    const names = await readdir(home.folder);
    expect(names).toEqual(expect.arrayContaining(['mine.db', 'state', 'cache']));
    expect(names.filter((name) => /weaker|^[.]/.test(name))).toEqual([]);
    const log = await readFile(at('state/synapse/synapse.log'), 'utf8');
    for (const line of log.trimEnd().split('\n')) {
      expect(JSON.parse(line)).toMatchObject({ level: expect.any(Number) as unknown });
    }
    expect((await home.run(['mcp', 'list'], { environment })).stdout).toContain('mine');
    expect((await home.run(['config', 'path'], { environment })).stdout).toContain('mine.toml');
    const model = await home.run(['--dry-run', '--json', 'x'], {
      environment: { ...environment, SYNAPSE_MODEL: 'demo/other' },
    });
    expect(model.stdout).toContain('other');
  });

  it('sends "sessions" to the model after --', async () => {
    expect((await demo('--', 'sessions', '--nope')).stdout).toContain('> sessions --nope');
  });

  it.each([
    [['sesions', 'list'], 'Did you mean "synapse sessions list"?'],
    [['config', 'lst'], 'Did you mean "synapse config list"?'],
    [['--modle', 'x', 'hello'], 'Did you mean "--model"?'],
    [['sessions', 'list', '--limti', '3'], 'Did you mean "--limit"?'],
  ])('suggests a command for %j, and does not send it to a model', async (words, hint) => {
    const { stderr, exitCode } = await home.run(words);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(hint);
  });

  it('keeps the partial answer when it is interrupted', async () => {
    const child = home.start(['-p', 'demo', 'x'.repeat(20).concat(' word'.repeat(2000))]);
    child.stdout?.once('data', () => child.kill('SIGINT'));
    const { exitCode } = await outcomeOf(child);
    expect(exitCode).toBe(130);
    const shown = await home.run(['sessions', 'show', 'last', '--json']);
    const { messages } = JSON.parse(shown.stdout) as { messages: { status: string }[] };
    expect(messages.map(({ status }) => status)).toEqual(['complete', 'interrupted']);
  });

  it('exits quietly when its output is closed', async () => {
    const child = home.start(['-p', 'demo', 'word '.repeat(2000)]);
    child.stdout?.once('data', () => child.stdout?.destroy());
    const { stderr } = await outcomeOf(child);
    expect(stderr).toBe('');
  });

  it('writes what --verbose shows to the log as well, and no key anywhere', async () => {
    const environment = {
      OPENAI_API_KEY: 'sk-CANARY0123456789',
      OPENAI_BASE_URL: 'http://127.0.0.1:9',
    };
    const { stderr } = await home.run(['-v', '-p', 'openai', 'hi'], { environment });
    const log = await readFile(join(home.folder, '.local/state/synapse/synapse.log'), 'utf8');
    expect(stderr + log).not.toContain('CANARY');
    expect(log).not.toBe('');
  });
});
