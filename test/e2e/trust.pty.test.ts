import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { openPtyScreen, type PtyScreen } from '@synapse/test/support/pty-screen';
import { SynapseHome } from '@synapse/test/support/run-synapse';
import { chatReply, setUpDouble } from '@synapse/test/support/scripted-openai';

describe('trust, asked for on a terminal', () => {
  let home: SynapseHome;
  let double: ProviderDouble;
  let screen: PtyScreen | undefined;
  beforeAll(async () => {
    double = await openProviderDouble();
  });
  beforeEach(() => {
    home = new SynapseHome();
    setUpDouble(home, double);
    double.requests.length = 0;
    double.script(chatReply({ text: ['All right.'] }));
    mkdirSync(join(home.folder, 'project/.git'), { recursive: true });
    writeFileSync(join(home.folder, 'project/AGENTS.md'), 'Use tabs.');
  });
  afterEach(() => {
    screen?.kill();
    home.remove();
  });
  afterAll(() => double.close());

  const ask = (...args: string[]) => {
    screen = openPtyScreen({
      file: join(process.cwd(), 'packages/cli/bin/synapse.cjs'),
      arguments: args,
      columns: 100,
      rows: 30,
      environment: home.environment,
      workingDirectory: join(home.folder, 'project'),
    });
    return screen;
  };
  const sees = (opened: PtyScreen, text: string) =>
    opened.until((lines) => lines.join('\n').includes(text));
  const sent = () => double.requests.map(({ body }) => body).join();
  const decision = () =>
    JSON.parse(
      readFileSync(join(home.folder, '.local/state/synapse/trusted-folders.json'), 'utf8'),
    ) as unknown;

  it.each([
    ['y', true],
    ['', false],
    ['whatever', false],
  ])('is decided once by the answer %j', async (answer, isTrusted) => {
    const opened = ask('Hello');
    await sees(opened, 'Trust this folder');
    expect(opened.lines().join('\n')).toContain('AGENTS.md');
    expect(sent()).toBe('');
    opened.type(`${answer}\r`);
    await sees(opened, 'All right.');
    expect(await opened.exited).toBe(0);
    expect(sent().includes('Use tabs.')).toBe(isTrusted);
    const root = realpathSync(join(home.folder, 'project'));
    expect(decision()).toMatchObject({ folders: [{ root, isTrusted }] });

    double.requests.length = 0;
    const again = ask('Hello again');
    await sees(again, 'All right.');
    expect(await again.exited).toBe(0);
    expect(again.lines().join('\n')).not.toContain('Trust this folder');
    expect(sent().includes('Use tabs.')).toBe(isTrusted);
  });

  it('is not decided by Ctrl-C, which sends nothing', async () => {
    const opened = ask('Hello');
    await sees(opened, 'Trust this folder');
    opened.type('\x03');
    expect(await opened.exited).toBe(130);
    expect(sent()).toBe('');
    expect(decision).toThrow('ENOENT');
  });
});
