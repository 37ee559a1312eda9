import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openPtyScreen, type PtyScreen } from '@synapse/test/support/pty-screen';
import { SynapseHome } from '@synapse/test/support/run-synapse';

const binary = join(process.cwd(), 'packages/cli/bin/synapse.cjs');
/** Its answer quotes it, and takes some seconds. */
const longQuestion = 'word '.repeat(600).trim();
const ctrlC = '\u0003';
const ctrlD = '\u0004';

describe('the conversation on a terminal', () => {
  let home: SynapseHome;
  let screens: PtyScreen[];
  beforeEach(() => {
    home = new SynapseHome();
    screens = [];
  });
  afterEach(async () => {
    for (const screen of screens) {
      screen.kill('SIGKILL');
      await screen.exited;
    }
    home.remove();
  });

  const open = (words: readonly string[] = [], columns = 80, environment = {}) => {
    const screen = openPtyScreen({
      file: binary,
      arguments: ['--provider', 'demo', ...words],
      columns,
      rows: 24,
      environment: { ...home.environment, ...environment },
    });
    screens.push(screen);
    return screen;
  };
  const untilShown = (screen: PtyScreen, text: string) =>
    screen.until((lines) => lines.join('\n').includes(text));
  const untilStatus = (screen: PtyScreen, text: string) =>
    screen.until((lines) => lines.at(-1)?.includes(text) === true);
  const opened = async (words: readonly string[] = [], columns = 80, environment = {}) => {
    const screen = open(words, columns, environment);
    await untilStatus(screen, 'demo · ');
    return screen;
  };
  const messages = async (session = 'last') => {
    const { stdout } = await home.run(['sessions', 'show', session, '--json']);
    return (JSON.parse(stdout) as { messages: { role: string; status: string }[] }).messages;
  };

  it('answers, and shows how to resume', async () => {
    const screen = await opened();
    screen.type('Hello there\r');
    await untilStatus(screen, '$0.00 · Hello there');
    expect(screen.lines().join('\n')).toContain('You said:');
    screen.type(ctrlD);
    expect(await screen.exited).toBe(0);
    const [, id = ''] = /resume with: synapse -r -s (\S+)/.exec(screen.lines().join('\n')) ?? [];
    expect(id.length).toBeLessThan(36);

    const again = open(['-r', '-s', id]);
    await untilShown(again, 'Hello there · 2 messages');
    await untilShown(again, '> Hello there');
    await untilStatus(again, 'Hello there');
    again.type('/exit\r');
    expect(await again.exited).toBe(0);
    expect(await messages(id)).toHaveLength(2);
  });

  it('stores nothing if no question was asked', async () => {
    const screen = await opened(['-r']);
    screen.type(ctrlD);
    expect(await screen.exited).toBe(0);
    expect(screen.lines().join('\n')).not.toContain('resume with');
    const { stdout } = await home.run(['sessions', 'list', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ items: [] });
  });

  it('stops an answer at Ctrl-C, keeps it, and what was typed ahead', async () => {
    const screen = await opened();
    screen.type(`${longQuestion}\r`);
    await untilShown(screen, 'You said:');
    screen.type('typed ahead');
    screen.type(ctrlC);
    await untilShown(screen, 'stopped; the answer so far is kept');
    await untilShown(screen, '> typed ahead');
    expect(await messages()).toMatchObject([
      { role: 'user', status: 'complete' },
      { role: 'assistant', status: 'interrupted' },
    ]);
    screen.type(ctrlC);
    screen.type(ctrlC);
    await untilShown(screen, 'Press Ctrl-C again');
    screen.type(ctrlC);
    expect(await screen.exited).toBe(130);
    expect(screen.raw()).toMatch(/\u001b\[\?2004l[^]*resume with/);
  });

  it('resumes after kill -9 in the middle of an answer', async () => {
    const screen = await opened();
    screen.type(`${longQuestion}\r`);
    await untilShown(screen, 'You said:');
    screen.kill('SIGKILL');
    await screen.exited;

    const again = open(['-r', '-c']);
    await untilShown(again, '> word word');
    await untilStatus(again, 'demo');
    again.type('Still there?\r');
    await untilShown(again, 'stay in this\nsession.');
    expect((await messages()).map(({ role }) => role).slice(-2)).toEqual(['user', 'assistant']);
  });

  it('saves and ends at SIGTERM', async () => {
    const screen = await opened();
    screen.type(`${longQuestion}\r`);
    await untilShown(screen, 'You said:');
    screen.kill('SIGTERM');
    expect(await screen.exited).toBe(143);
    expect(screen.lines().join('\n')).toContain('resume with: synapse -r -s');
    expect(await messages()).toMatchObject([{ status: 'complete' }, { status: 'interrupted' }]);
  });

  it('notices another process in the session, and forks or takes over', async () => {
    const first = await opened(['-s', 'shared']);
    first.type('Hello\r');
    await untilStatus(first, '$0.00 · shared');

    const second = open(['-r', '-s', 'shared']);
    await untilShown(second, '[t]ake over');
    second.type('f\r');
    await untilShown(second, 'this is a copy now');
    second.type('In the copy\r');
    await untilStatus(second, '$0.00 · Hello');

    const third = open(['-r', '-s', 'shared']);
    await untilShown(third, '[t]ake over');
    third.type('r\r');
    await untilStatus(third, 'read only');
    third.type('Hello?\r');
    await untilShown(third, 'here it is read-only');

    const fourth = open(['-r', '-s', 'shared']);
    await untilShown(fourth, '[t]ake over');
    fourth.type('t\r');
    await untilShown(fourth, 'taken over');
    fourth.type('Mine now\r');
    await untilShown(fourth, '2 of them yours');
    await untilStatus(fourth, 'demo · ');
    await untilShown(first, 'continues in another process now');
    first.type('And mine?\r');
    await untilShown(first, '3 of them yours');
    await first.until((lines) => lines.at(-2) === '>');
    await untilShown(fourth, 'continues in another process now');
    expect(await messages('shared')).toHaveLength(6);
  });

  it('takes a session back with the next command, and hands it over again', async () => {
    const first = await opened(['-s', 'shared']);
    first.type('Hello\r');
    await untilStatus(first, '$0.00 · shared');
    const second = open(['-r', '-s', 'shared', '--take-over']);
    await untilStatus(second, '$0.00 · shared');
    const commands = ['/pin', '/tag mine', '/system Be brief.', '/model demo/other', '/title Mine'];
    await untilShown(first, 'continues in another process now');
    for (const command of commands) first.type(`${command}\r`);
    await untilShown(first, 'the session is now called "Mine"');
    await untilShown(second, 'continues in another process now');
    second.type('/title Theirs\r');
    await untilShown(second, 'the session is now called "Theirs"');
    const { stdout } = await home.run(['sessions', 'show', 'shared', '--json']);
    expect((JSON.parse(stdout) as { session: unknown }).session).toMatchObject({
      ...{ title: 'Theirs', pinned: true, tags: ['mine'], systemPrompt: 'Be brief.' },
      model: 'other',
    });
  });

  it('knows its commands, and never sends an unknown one to the model', async () => {
    const screen = await opened();
    screen.type('/hlep\r');
    await untilShown(screen, 'Did you mean /help?');
    screen.type('//slash\r');
    await untilShown(screen, '/slash');
    await untilStatus(screen, '· /slash');
    screen.type('/ti\t');
    await untilShown(screen, '> /title');
    screen.type('Renamed\r');
    await untilStatus(screen, '· Renamed');
    screen.type('/edit-last\r');
    await screen.until((lines) => lines.at(-2) === '> //slash');
    screen.type('es, many\r');
    await untilShown(screen, '│ /slashes, many');
    await untilStatus(screen, '· Renamed');
    expect(await messages()).toHaveLength(2);
    screen.type('/clear\r');
    await untilShown(screen, 'Remove 2 messages for good?');
    screen.type('y\r');
    await untilShown(screen, 'removed 2 messages');
    expect(await messages()).toHaveLength(0);
  });

  it('takes a paste as one question, and a resize in mid-answer', async () => {
    const screen = await opened();
    screen.type('\u001b[200~first line\rsecond line\u001b[201~\r');
    await untilStatus(screen, '· first line second line');
    screen.type(`${longQuestion}\r`);
    await untilShown(screen, 'and now:');
    screen.resize(40, 12);
    screen.type(ctrlC);
    await untilShown(screen, 'stopped; the answer so far is kept');
    expect(await messages()).toHaveLength(4);
  });

  it('works at 40 columns', async () => {
    const screen = await opened(['-r'], 40);
    screen.type('Hello\r');
    await untilStatus(screen, '· Hello');
    screen.type('/sessions\r');
    await untilShown(screen, 'Session');
    screen.type('/help\r');
    await untilShown(screen, 'with the words in their title');
    screen.type('q');
    expect(screen.lines().every((line) => line.length <= 40)).toBe(true);
  });

  it('redraws nothing with --plain', async () => {
    const screen = open(['-r', '--plain']);
    await untilShown(screen, '/help lists');
    screen.type('Hello\r');
    await untilShown(screen, 'You said:');
    await screen.until((lines) => lines.at(-1) === '>');
    expect(screen.raw()).not.toMatch(/\u001b\[(?!\d*m)/);
    screen.type(ctrlD);
    expect(await screen.exited).toBe(0);
  });
});

describe('the conversation over a pipe', () => {
  let home: SynapseHome;
  beforeEach(() => {
    home = new SynapseHome();
  });
  afterEach(() => home.remove());

  it('answers line by line on stdout, and nothing else is there', async () => {
    const stdin = 'Hello\n/title New\n/new\nSecond\n';
    const outcome = await home.run(['-r', '--provider', 'demo'], { stdin });
    expect(outcome).toMatchObject({ exitCode: 0 });
    expect(outcome.stdout.match(/first message of our conversation/g)).toHaveLength(2);
    expect(outcome.stdout).not.toContain('\u001b');
    expect(outcome.stderr).toContain('the session is now called "New"');
    const { stdout } = await home.run(['sessions', 'list', '--json']);
    const { items } = JSON.parse(stdout) as { items: { title: string }[] };
    expect(items.map(({ title }) => title)).toEqual(['Second', 'New']);
  });

  it('continues after an error, and exits with its code', async () => {
    const stdin = '/nonsense\nHello\n/clear\n';
    const outcome = await home.run(['-r', '--provider', 'demo'], { stdin });
    expect(outcome.exitCode).toBe(2);
    expect(outcome.stderr).toContain('"/nonsense" is not a command.');
    expect(outcome.stderr).toContain('To confirm: /clear --yes');
    expect(outcome.stdout).toContain('You said:');
  });
});
