import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SynapseHome } from '@synapse/test/support/run-synapse';

describe('the command line of a new user', () => {
  let home: SynapseHome;
  beforeEach(() => {
    home = new SynapseHome();
    writeFileSync(join(home.folder, 'package.json'), '{\n  "name": "x"\n}\n');
  });
  afterEach(() => home.remove());

  const demo = { environment: { SYNAPSE_PROVIDER: 'demo' } };

  it.each([
    // Commands of other programs, and their verbs.
    [['ls'], 2, '"ls" is not a command.', 'synapse sessions list'],
    [['session'], 2, '"session" is not a command.', 'synapse -- session'],
    [['login'], 2, 'synapse keys set <provider>'],
    [['version'], 2, 'synapse --version'],
    [['-V'], 2, 'Did you mean "--version"?'],
    [['sesions', 'list'], 2, 'Did you mean "synapse sessions list"?'],
    [['sessions', 'rm', 'last'], 2, 'Did you mean "synapse sessions delete"?'],
    [['sessions', 'ls'], 2, 'Did you mean "synapse sessions list"?'],
    [['keys', 'rm', 'openai'], 2, 'Did you mean "synapse keys remove"?'],
    // Flags and arguments.
    [['-s'], 2, '--session needs a value.'],
    [['--modle', 'demo', 'hi'], 2, 'There is no flag --modle.', 'Did you mean "--model"?'],
    [['models', 'openai'], 2, `"synapse models" does not take "openai".`],
    [['keys', 'set'], 2, '"synapse keys set" needs <provider> (the provider of the key).'],
    [['mcp', 'add'], 2, '"synapse mcp add" needs <name>', 'synapse mcp add --help'],
    [['mcp', 'add', 'a', 'https://x.example/', '--env', 'A=b'], 2, '--env is for a server that is'],
    [['mcp', 'add', 'a', 'https://x.example/', 'more'], 2, 'Arguments are for a server that is'],
    [['mcp', 'add', 'a', 'b', '--header', 'A=b'], 2, '--header is for a server at an address'],
    [['help', 'constructor'], 2, 'There is no help topic "constructor".'],
    [['help', '__proto__'], 2, 'There is no help topic "__proto__".'],
    [['-c', '--new', 'hi'], 2, '--new and --continue cannot be used together.'],
    [['-o', 'yaml', 'hi'], 2, '--output must be one of: text, json, ndjson. "yaml" is not valid.'],
    [['usage', '--by'], 2, '--by needs a value: day, model'],
    [['completion', 'tcsh'], 2, '"tcsh" is not one of: bash'],
    [['sessions', 'list', '-n', 'few'], 2, '--limit takes a whole number', '"few" is not valid.'],
    [
      ['--timeout', 'abc', 'hi'],
      2,
      'synapse: --timeout takes whole seconds',
      '"abc" is not valid.',
    ],
    // What would be ignored beside something else.
    [['--ephemeral', '-c', 'hi'], 2, '--continue and --ephemeral cannot be used together.'],
    [['--ephemeral', '-s', 'x', 'hi'], 2, '--session'],
    [['-q', '-v', 'hi'], 2, '--verbose and --quiet cannot be used together.'],
    [['-r', '-f', 'package.json'], 2, '--file applies to a single question', '/attach <file>'],
    [['-r', '--dry-run'], 2, '--dry-run applies to a single question'],
    [
      ['sessions', 'show', 'x', '--head', '1', '--tail', '1'],
      2,
      '--head and --tail cannot be used together.',
    ],
    // Names that nobody has.
    [
      ['sessions', 'list', '--database', 'nowhere/x.db'],
      66,
      'There is no database at',
      'nowhere/x.db',
    ],
    [['-m', 'demo/demo-2', 'hi'], 66, 'demo does not have the model "demo-2".', 'demo/demo-1'],
    [['config', 'explain', 'max_sessions'], 2, 'Did you mean "session.max_sessions"?'],
    [['sessions', 'import', 'nothing.json'], 66, 'There is no file "nothing.json".'],
    [['sessions', 'import', 'package.json'], 65, 'package.json: Line', 'synapse sessions export'],
  ] as [string[], number, ...string[]][])(
    '%j ends with %i and explains why',
    async (args, code, ...said) => {
      const { stdout, stderr, exitCode } = await home.run(args, demo);
      for (const words of said) expect(stderr).toContain(words);
      expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: code });
    },
  );

  it('does not use piped input for a missing argument', async () => {
    const key = await home.run(['keys', 'set'], { stdin: 'sk-canary-1' });
    expect(key).toMatchObject({ exitCode: 2, stdout: '' });
    expect(key.stderr).toContain('needs <provider>');
    expect(key.stderr).not.toContain('canary');
    await home.run(['-s', 'talk', 'Hello'], demo);
    const shown = await home.run(['sessions', 'show'], { stdin: 'talk\n' });
    expect(shown).toMatchObject({ exitCode: 2, stdout: '' });
    // As in a loop that reads lines.
    await home.run(['db', 'backup'], { stdin: 'one\ntwo\n' });
    const files = readdirSync(home.folder).filter((name) => /one|two|^synapse-/.test(name));
    expect(files).toEqual([expect.stringMatching(/^synapse-\d+T\d+Z\.db$/)]);
  });

  it('has the usual short flags, with their usual meaning', async () => {
    const { stdout } = await home.run(['--help']);
    const short = [...stdout.matchAll(/^ +-(\w), --([\w-]+)/gm)].map(([, ...names]) => names);
    expect(Object.fromEntries(short)).toMatchObject({
      ...{ m: 'model', p: 'provider', s: 'session', r: 'repl', c: 'continue', f: 'file' },
      ...{ o: 'output', q: 'quiet', v: 'verbose' },
    });
    expect(stdout).toMatch(/^ {4,}--system[ =]/m);
    const list = await home.run(['sessions', 'list', '--help']);
    expect(list.stdout).toMatch(/^ +-n, --limit/m);
  });

  it('takes one form of JSON', async () => {
    const { stdout, exitCode } = await home.run(['--json', '-o', 'ndjson', 'hi'], demo);
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      message: '--json and --output ndjson cannot be used together.',
    });
  });

  it('looks for a backup before it asks whether to restore it', async () => {
    await home.run(['Hello'], demo);
    const { stderr, exitCode } = await home.run(['db', 'restore', 'nothing.db'], demo);
    expect(stderr).toMatch(/^synapse: There is no backup at .*nothing[.]db[.]\n$/);
    expect(exitCode).toBe(66);
  });

  it('exports in the format of the file name, into an existing folder', async () => {
    await home.run(['-s', 'talk', 'Hello'], demo);
    const unknown = await home.run(['sessions', 'export', 'talk', '-o', 'talk.pdf'], demo);
    expect(unknown).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('.md') as unknown,
    });
    const nowhere = await home.run(['sessions', 'export', 'talk', '-o', 'no/talk.md'], demo);
    expect(nowhere.stderr).toMatch(
      /no\/talk[.]md can't be written: its folder does not exist \(ENOENT\)/,
    );
    expect(nowhere.exitCode).toBe(73);
  });

  it('titles a session after the prompt, without piped input', async () => {
    await home.run(['Summarise', 'this'], { ...demo, stdin: 'some text' });
    const { stdout } = await home.run(['sessions', 'list', '--json'], demo);
    expect(JSON.parse(stdout)).toMatchObject({ items: [{ title: 'Summarise this' }] });
  });

  it('reports an unknown provider in the settings, with its line', async () => {
    mkdirSync(join(home.folder, '.config/synapse'), { recursive: true });
    writeFileSync(join(home.folder, '.config/synapse/config.toml'), '\nprovider = "opnai"\n');
    const { stdout, exitCode } = await home.run(['config', 'validate']);
    expect(stdout).toMatch(/config[.]toml:2: provider "opnai" is unknown[.] Did you mean "openai"/);
    expect(exitCode).toBe(78);
  });

  it('reports that a session keeps its instructions', async () => {
    const first = await home.run(['-s', 'talk', '--system', 'Be brief.', 'Hello'], demo);
    const same = await home.run(['-s', 'talk', '--system', 'Be brief.', 'Hello'], demo);
    const other = await home.run(['-s', 'talk', '--system', 'Be rude.', 'Hello'], demo);
    expect(first.stderr + same.stderr).not.toContain('--system');
    expect(other.stderr).toContain('--system is for a new session');
  });

  it('reports that no setting was changed', async () => {
    const { stderr } = await home.run(['config', 'list', '--changed']);
    expect(stderr).toBe('synapse: every setting is at its default\n');
  });
});
