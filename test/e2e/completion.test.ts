import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { itNeeds } from '@synapse/test/support/it-needs';
import { openProviderDouble } from '@synapse/test/support/provider-double';
import { SynapseHome } from '@synapse/test/support/run-synapse';
import { setUpDouble } from '@synapse/test/support/scripted-openai';

/** A shell that is not installed cannot be tried. */
const itWith = (shell: string) =>
  itNeeds(spawnSync(shell, ['-c', 'exit 0']).status === 0 ? '' : shell);

describe('completion', () => {
  let home: SynapseHome;
  beforeEach(() => {
    home = new SynapseHome();
  });
  afterEach(() => home.remove());

  const complete = async (...words: string[]) => {
    const { stdout, stderr, exitCode } = await home.run(['__complete', ...words]);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    return stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => line.split('\t')[0]);
  };
  /** Runs a script in a shell that finds `synapse`, with what the stub defines. */
  const inShell = async (shell: string, script: string, prelude = '') => {
    const bin = join(home.folder, 'bin');
    mkdirSync(bin);
    const binary = join(process.cwd(), 'packages/cli/bin/synapse.cjs');
    writeFileSync(join(bin, 'synapse'), `#!/bin/sh\nexec "${process.execPath}" "${binary}" "$@"\n`);
    chmodSync(join(bin, 'synapse'), 0o755);
    const { stdout: stub } = await home.run(['completion', shell]);
    const env = { ...home.environment, PATH: `${bin}:${home.environment.PATH ?? ''}` };
    const run = spawnSync(shell, ['-c', `${prelude}\n${stub}\n${script}`], {
      env,
      cwd: home.folder,
      encoding: 'utf8',
    });
    return run.stdout + run.stderr;
  };

  it('offers commands, verbs, flags and their values', async () => {
    expect(await complete('')).toEqual(expect.arrayContaining(['sessions', 'db', 'usage', 'help']));
    expect(await complete('')).not.toContain('ask');
    expect(await complete('db', 'ba')).toEqual(['backup']);
    expect(await complete('db', 'backup', '--f')).toEqual(['--force']);
    expect(await complete('usage', '--by', 'm')).toEqual(['model']);
    expect(await complete('--mo')).toEqual(['--model']);
    expect(await complete('config', 'get', 'session.max')).toEqual(['session.max_sessions']);
    expect(await complete('keys', 'set', 'anth')).toEqual(['anthropic']);
    expect(await complete('-p', 'anth')).toEqual(['anthropic']);
    expect(await complete('-m', 'anthropic/claude-opus-5-')).toEqual(['anthropic/claude-opus-5-5']);
    expect(await complete('-p', 'anthropic', '-m', 'claude-opus-5-')).toEqual(['claude-opus-5-5']);
    expect(await complete('no', 'such', 'words')).toEqual([]);
    expect(await complete()).not.toEqual([]);
  });

  it('offers sessions by name, id and title, and makes no database for it', async () => {
    expect(await complete('sessions', 'show', '')).toEqual(['last', 'here']);
    expect(existsSync(join(home.folder, '.config'))).toBe(false);
    await home.run(['-p', 'demo', '-s', 'my-work', 'first']);
    await home.run(['-p', 'demo', 'a\ttitle\u001b[31m red']);
    const offered = await complete('-s', '');
    expect(offered.slice(0, 4)).toEqual([
      'last',
      'here',
      expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}$/),
      'a title [31m red',
    ]);
    expect(offered).toContain('my-work');
    expect(await complete('sessions', 'show', 'my')).toEqual(['my-work']);
  });

  it('uses no network, and does not migrate an older database', async () => {
    const double = await openProviderDouble();
    try {
      setUpDouble(home, double);
      await home.run(['-p', 'demo', '-s', 'my-work', 'first']);
      await home.run(['db', 'rollback', '--yes']);
      const pending = (await home.run(['db', 'status'])).stdout;
      expect(pending).toContain('pending');
      for (const words of [
        ['-s', ''],
        ['-m', ''],
        ['-p', ''],
        ['sessions', 'show', 'my'],
      ]) {
        await complete(...words);
      }
      expect((await home.run(['db', 'status'])).stdout).toBe(pending);
      expect(double.requests).toEqual([]);
    } finally {
      await double.close();
    }
  });

  it('offers nothing if settings or the database are broken', async () => {
    mkdirSync(join(home.folder, '.config/synapse'), { recursive: true });
    writeFileSync(join(home.folder, '.config/synapse/sessions.db'), 'no database'.repeat(999));
    expect(await complete('-s', '')).toEqual([]);
    writeFileSync(join(home.folder, '.config/synapse/config.toml'), 'no toml');
    expect(await complete('-m', '')).toEqual([]);
    expect(await complete('db', 'ba')).toEqual(['backup']);
  });

  itWith('bash')('works in bash, with values that need quotes', async () => {
    await home.run(['-p', 'demo', '-s', 'work', 'two words']);
    const script = (...words: string[]) =>
      `COMP_WORDS=(synapse ${words.join(' ')}); COMP_CWORD=${words.length}; _synapse; printf '%s\\n' "\${COMPREPLY[@]}"`;
    expect(await inShell('bash', script('-s', 'two'))).toBe('two\\ words\n');
  });

  itWith('bash')('offers files in bash if nothing else fits', async () => {
    writeFileSync(join(home.folder, 'kept.db'), '');
    const script =
      'COMP_WORDS=(synapse db restore ke); COMP_CWORD=3; _synapse; printf "%s\\n" "${COMPREPLY[@]}"';
    expect(await inShell('bash', script)).toBe('kept.db\n');
  });

  itWith('zsh')('works in zsh', async () => {
    const script = [
      'compadd() { print -r -- "$@"; print -rl -- $values; }',
      'words=(synapse db ba); CURRENT=3; _synapse',
    ].join('\n');
    const output = await inShell('zsh', script, 'compdef() { :; }');
    expect(output).toContain('-a values\nbackup\n');
  });

  itWith('fish')('works in fish', async () => {
    expect(await inShell('fish', "complete -C 'synapse db ba'")).toMatch(
      /^backup\tback up the database/,
    );
  });

  itWith('pwsh')('works in PowerShell', async () => {
    const script = `(TabExpansion2 'synapse db ba' 13).CompletionMatches.CompletionText`;
    expect(await inShell('pwsh', script)).toBe('backup\n');
  });

  it('has a script for each of the shells that it names', async () => {
    for (const shell of ['bash', 'zsh', 'fish', 'powershell']) {
      const { stdout, exitCode } = await home.run(['completion', shell]);
      expect({ shell, exitCode, asks: stdout.includes('synapse __complete') }).toEqual({
        ...{ shell, exitCode: 0, asks: true },
      });
    }
  });
});
