import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openPtyScreen, openShellScreen, type PtyScreen } from '@synapse/test/support/pty-screen';
import { SynapseHome } from '@synapse/test/support/run-synapse';

const binary = join(process.cwd(), 'packages/cli/bin/synapse.cjs');

describe('what is written to a terminal', () => {
  let home: SynapseHome;
  let screen: PtyScreen | undefined;
  beforeEach(() => {
    home = new SynapseHome();
  });
  afterEach(() => {
    screen?.kill();
    home.remove();
  });

  const run = async (args: string[], environment: Record<string, string>, columns = 80) => {
    const opened = openPtyScreen({
      file: binary,
      arguments: args,
      columns,
      rows: 40,
      environment: { ...home.environment, ...environment },
      workingDirectory: home.folder,
    });
    screen = opened;
    expect(await opened.exited).toBe(0);
    return opened;
  };

  it('holds no control sequence where TERM is dumb', async () => {
    for (const args of [
      ['-p', 'demo', 'hello'],
      ['sessions', 'list'],
      ['config', 'list'],
    ]) {
      expect((await run(args, { TERM: 'dumb' })).raw()).not.toContain('\u001b');
    }
  });

  const colour = /\u001b\[[\d;]*m/;
  it.each([
    ['a terminal', {}, [], true],
    ['a terminal', { NO_COLOR: '1' }, [], false],
    ['a terminal', { NO_COLOR: '' }, [], true],
    ['a terminal', { FORCE_COLOR: '0' }, [], false],
    ['a terminal', { TERM: 'dumb' }, [], false],
    ['a terminal', {}, ['--color', 'never'], false],
    ['a terminal', { NO_COLOR: '1' }, ['--color', 'always'], true],
    ['a pipe', {}, [], false],
    ['a pipe', { FORCE_COLOR: '1' }, [], true],
    ['a pipe', { FORCE_COLOR: '1', NO_COLOR: '1' }, [], false],
    ['a pipe', { FORCE_COLOR: '1' }, ['--color', 'never'], false],
    ['a pipe', {}, ['--color', 'always'], true],
  ])('has on %s, with %j and %j, colour: %p', async (where, environment, flags, hasColour) => {
    const args = ['doctor', ...flags];
    const shown =
      where === 'a pipe'
        ? (await home.run(args, { environment })).stdout
        : (await run(args, environment)).raw();
    expect(shown).toContain('synapse: version');
    expect(colour.test(shown)).toBe(hasColour);
  });

  it.each([
    ['an answer', ['-p', 'demo', 'hello']],
    ['JSON', ['-p', 'demo', '--json', 'hello']],
    ['events', ['-p', 'demo', '-o', 'ndjson', 'hello']],
    ['a table for programs', ['sessions', 'list']],
    ['a failure', ['sessions', 'show', 'nix']],
  ])(
    'holds no control sequence in a pipe, also where colour is forced: %s',
    async (_what, args) => {
      const { stdout, stderr } = await home.run(args, { environment: { FORCE_COLOR: '1' } });
      expect(stdout + stderr).not.toContain('\u001b');
    },
  );

  it('judges each stream by itself', async () => {
    const script = (redirection: string) =>
      `'${process.execPath}' '${binary}' -p demo '**hello**' ${redirection}`;
    const inShell = async (command: string) => {
      const opened = openShellScreen({
        arguments: ['-c', command],
        ...{ columns: 80, rows: 40, environment: home.environment, workingDirectory: home.folder },
      });
      screen = opened;
      expect(await opened.exited).toBe(0);
      return opened;
    };
    const spinning = await inShell(script('> answer'));
    expect(spinning.raw()).toContain('thinking');
    expect(readFileSync(join(home.folder, 'answer'), 'utf8')).toMatch(/^I am the \*\*demo\*\*/);
    const rendered = await inShell(script('2> aside'));
    expect(rendered.raw()).toMatch(/\u001b\[1mdemo/);
    expect(readFileSync(join(home.folder, 'aside'), 'utf8')).not.toContain('\u001b');
  });

  it('shows a session in $PAGER on a terminal alone', async () => {
    await run(['-p', 'demo', 'hello'], {});
    const environment = { PAGER: 'sed s/^/paged:/' };
    const args = ['sessions', 'show', 'last'];
    expect((await run(args, environment)).raw()).toContain('paged:');
    expect((await run([...args, '--no-pager'], environment)).raw()).not.toContain('paged:');
    expect((await home.run(args, { environment })).stdout).not.toContain('paged:');
  });

  it.each([40, 200])('keeps each row of a table on a line of %i columns', async (columns) => {
    await run(['-p', 'demo', 'a rather long question, '.repeat(20)], {}, columns);
    for (const args of [
      ['sessions', 'list'],
      ['sessions', 'show', 'last'],
      ['providers', 'list'],
    ]) {
      // A line that is wider than the terminal would go on in the next row.
      const opened = await run(args, { PAGER: 'cat' }, columns);
      const widest = opened
        .raw()
        .replaceAll(/\u001b\[[\d;?]*[a-zA-Z]/g, '')
        .split(/\r?\n/)
        .reduce((width, line) => Math.max(width, line.length), 0);
      expect([args.join(' '), widest <= columns]).toEqual([args.join(' '), true]);
    }
  });
});
