import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openPtyScreen, type PtyScreen } from '@synapse/test/support/pty-screen';
import { SynapseHome } from '@synapse/test/support/run-synapse';

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
      file: join(process.cwd(), 'packages/cli/bin/synapse.cjs'),
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

  it('holds no colour where NO_COLOR is set, and some where nothing is', async () => {
    const color = /\u001b\[[\d;]*m/;
    const args = ['sessions', 'list'];
    await run(['-p', 'demo', 'hello'], {});
    expect((await run(args, {})).raw()).toMatch(color);
    expect((await run(args, { NO_COLOR: '1' })).raw()).not.toMatch(color);
    expect((await run(args, { NO_COLOR: '' })).raw()).toMatch(color);
    expect((await run([...args, '--color', 'never'], {})).raw()).not.toMatch(color);
  });

  it.each([40, 200])('keeps each row of a table on a line of %i columns', async (columns) => {
    await run(['-p', 'demo', 'a rather long question, '.repeat(20)], {}, columns);
    for (const args of [
      ['sessions', 'list'],
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
