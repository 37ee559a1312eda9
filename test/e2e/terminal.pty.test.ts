import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { openPtyScreen, openShellScreen, type PtyScreen } from '@synapse/test/support/pty-screen';
import { streamOf } from '@synapse/test/support/replies';
import { SynapseHome } from '@synapse/test/support/run-synapse';
import { chatReply, setUpDouble } from '@synapse/test/support/scripted-openai';
import { openAiChatWire } from '@synapse/test/support/wire/openai-chat-wire';

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
    expect(spinning.raw()).toContain('waiting');
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

  it('asks before it removes something, and accepts only yes', async () => {
    await home.run(['-p', 'demo', '-s', 'talk', 'hello']);
    const listed = async () => (await home.run(['sessions', 'list', '--json'])).stdout;
    for (const [answer, isThere] of [
      ['n', true],
      ['', true],
      ['y', false],
    ] as const) {
      const opened = openPtyScreen({
        file: binary,
        arguments: ['sessions', 'delete', 'talk'],
        ...{ columns: 80, rows: 24, environment: home.environment },
      });
      screen = opened;
      await opened.until((lines) => lines.at(-1)?.endsWith('[y/N]') === true);
      expect(opened.lines().join('\n')).toContain('talk');
      opened.type(`${answer}\r`);
      expect(await opened.exited).toBe(0);
      expect((await listed()).includes('"talk"')).toBe(isThere);
    }
  });

  it('says how to go on by the short id of the list, which resumes that session', async () => {
    for (const question of ['one', 'two', 'three']) await run(['-p', 'demo', question], {});
    const { stdout } = await home.run(['sessions', 'list', '--json']);
    const { items } = JSON.parse(stdout) as { items: { id: string }[] };
    const opened = await run(['-p', 'demo', 'four'], {});
    const [, shortId = ''] = /resume with: synapse -c, or -s (\S+)/.exec(opened.raw()) ?? [];
    expect(shortId.length).toBeLessThan(36);
    expect(items.filter(({ id }) => id.startsWith(shortId))).toEqual([]);
    expect((await run(['sessions', 'list'], { PAGER: 'cat' })).raw()).toContain(`${shortId}\u001b`);
    const again = await run(['-s', shortId, 'five'], {});
    expect(again.raw()).toContain(`or -s ${shortId}`);
    const shown = await home.run(['sessions', 'show', shortId, '--json']);
    expect(JSON.parse(shown.stdout)).toMatchObject({ session: { messageCount: 4 } });
  });

  it.each([
    ['an answer', ['hello']],
    ['code alone', ['-x', 'hello']],
  ])('says how to go on after %s', async (_what, words) => {
    expect((await run(['-p', 'demo', ...words], {})).raw()).toContain('resume with: synapse -c');
  });

  it.each([
    ['where nothing is kept', ['--ephemeral', 'hello']],
    ['where it shall be quiet', ['-q', 'hello']],
    ['where programs read it', ['--json', 'hello']],
  ])('says nothing of how to go on %s', async (_where, words) => {
    expect((await run(['-p', 'demo', ...words], {})).raw()).not.toContain('resume with');
  });

  it('tells what --verbose tells behind the answer, not in its midst', async () => {
    for (const flags of [[], ['--raw']]) {
      const opened = await run(['-v', '-p', 'demo', ...flags, 'hello'], {});
      const lines = opened.lines();
      expect(lines.filter((line) => /\bdebug\b/.test(line))).toEqual([
        expect.stringMatching(/^\d{4}-\S+ debug .* a turn/),
      ]);
      expect(lines.findIndex((line) => line.includes(' debug '))).toBeGreaterThan(
        lines.findIndex((line) => line.includes('demo provider')),
      );
    }
  });

  it('keeps what doctor finds in a column of its own on 40 columns', async () => {
    const opened = await run(['doctor'], {}, 40);
    const lines = opened.lines();
    expect(lines.filter((line) => !/^(ok {2}|warn|fail| {4}) {2}\S/.test(line))).toEqual([]);
    expect(lines.join('\n')).toContain('columns');
    const wide = await run(['doctor'], {}, 200);
    expect(wide.lines().join('\n')).toContain(
      'config.toml (not found: all settings are at their defaults)',
    );
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

describe('an answer on a terminal', () => {
  let home: SynapseHome;
  let double: ProviderDouble;
  let screen: PtyScreen | undefined;
  beforeEach(async () => {
    home = new SynapseHome();
    double = await openProviderDouble();
    setUpDouble(home, double);
  });
  afterEach(async () => {
    screen?.kill('SIGKILL');
    await double.close();
    home.remove();
  });

  const place = () => ({
    ...{ columns: 80, rows: 24, environment: home.environment, workingDirectory: home.folder },
  });
  const ask = (...words: string[]) =>
    (screen = openPtyScreen({ file: binary, arguments: words, ...place() }));
  /** An answer whose second half waits until it is told to go on. */
  const inHalves = (first: string, second: string) => {
    const events = openAiChatWire({ text: [first, second] });
    let goOn: () => void = () => undefined;
    const wait = new Promise<void>((resolve) => (goOn = resolve));
    const [head, rest] = [events.slice(0, 2), events.slice(2)].map((some) => some.join(''));
    return { reply: streamOf([{ send: head! }, { wait }, { send: rest! }]), goOn: () => goOn() };
  };
  const boldBold = /\u001b\[1mbold/;

  it('is rendered while it comes, and what changes is shown at once', async () => {
    const { reply, goOn } = inHalves('- one **bold** word\n\nA title', ' of two\n===\n\nThe end.');
    double.script(reply);
    const opened = ask('hello');
    await opened.until((lines) => lines.join('\n').includes('A title'));
    expect(opened.raw()).toMatch(boldBold);
    expect(opened.lines().join('\n')).toContain('one bold word');
    goOn();
    expect(await opened.exited).toBe(0);
    expect(opened.lines().join('\n')).toMatch(/one bold word\n\nA title of two\n\nThe end\./);
    const answer = opened.raw().slice(opened.raw().search(boldBold));
    // Whatever erases stands between the marks of one update; the whole screen never goes.
    const outside = answer.replaceAll(/\u001b\[\?2026h[^]*?\u001b\[\?2026l/g, '');
    expect(outside).not.toMatch(/\u001b\[\d*[JKABCDH]/);
    expect(opened.raw()).not.toMatch(/\u001b\[[23]J/);
  });

  it('stays as it was written with --raw', async () => {
    double.script(chatReply({ text: ['- one **bold** word'] }));
    const opened = ask('--raw', 'hello');
    expect(await opened.exited).toBe(0);
    expect(opened.lines()).toContain('- one **bold** word');
  });

  it('has its thoughts and tools beside it, never in it', async () => {
    const call = { id: '1', name: 'list', arguments: ['{}'] };
    double.script(
      chatReply({ reasoning: ['let me think'], toolCalls: [call] }),
      chatReply({ text: ['Done.'] }),
    );
    const settings = join(home.folder, '.config/synapse/config.toml');
    appendFileSync(settings, '[output]\nreasoning = true\n');
    const opened = openShellScreen({
      arguments: ['-c', `'${process.execPath}' '${binary}' hello > answer`],
      ...place(),
    });
    screen = opened;
    expect(await opened.exited).toBe(0);
    expect(opened.lines().join('\n')).toMatch(/let me think[^]*✓ list/);
    expect(readFileSync(join(home.folder, 'answer'), 'utf8')).toBe('Done.\n');
  });

  it('is offered for going on only where it was saved', async () => {
    const { reply, goOn } = inHalves('Half', ' and half.');
    double.script(reply, chatReply({ text: ['Mine.'] }));
    const opened = ask('-s', 'plan', 'hello');
    await opened.until((lines) => lines.join('\n').includes('Half'));
    await home.run(['-s', 'plan', '--take-over', 'two']);
    goOn();
    await opened.exited;
    expect(opened.lines().join('\n')).toMatch(/Half and half\.[^]*NOT SAVED/);
    expect(opened.raw()).not.toContain('resume with');
  });
});
