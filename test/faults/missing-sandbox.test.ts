import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { hasSandbox } from '@synapse/test/support/has-sandbox';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { openShellScreen } from '@synapse/test/support/pty-screen';
import { outcomeOf, SynapseHome, type Outcome } from '@synapse/test/support/run-synapse';
import { chatReply, setUpDouble } from '@synapse/test/support/scripted-openai';

const binary = join(process.cwd(), 'packages/cli/bin/synapse.cjs');
/** Takes the sandbox away where there is one: no user namespaces can be made, as some systems have it. */
const wrapper = (await hasSandbox())
  ? ['/usr/bin/bwrap', '--dev-bind', '/', '/', '--unshare-user', '--disable-userns', '--']
  : [];
const isGone =
  wrapper.length === 0 || spawnSync(wrapper[0]!, [...wrapper.slice(1), 'true']).status === 0;
const reason = isGone ? '' : ' (skipped: the sandbox of this machine cannot be taken away)';

(isGone ? describe : describe.skip)(`where no sandbox can be made${reason}`, () => {
  const home = new SynapseHome();
  const cwd = join(home.folder, 'work');
  let double: ProviderDouble;
  beforeEach(async () => {
    mkdirSync(cwd, { recursive: true });
    double = await openProviderDouble();
    const call = { id: '1', name: 'shell', arguments: ['{"command":"touch made"}'] };
    double.script(chatReply({ toolCalls: [call] }), chatReply({ text: ['Done.'] }));
  });
  afterEach(async () => {
    await double.close();
    home.remove();
  });

  const run = async (...args: string[]): Promise<Outcome> => {
    const command = [...wrapper, process.execPath, binary, ...args, 'Make it'];
    const child = spawn(command[0]!, command.slice(1), {
      ...{ cwd, env: home.environment, stdio: ['ignore', 'pipe', 'pipe'] },
    });
    return outcomeOf(child);
  };

  it('runs no command that a rule allows, says why, and ends with 77', async () => {
    setUpDouble(home, double);
    const { exitCode } = await run('--allow', 'shell');
    expect(exitCode).toBe(77);
    expect(existsSync(join(cwd, 'made'))).toBe(false);
    expect(double.requests.at(-1)?.body).toContain('The command would run without a sandbox.');
  });

  it('says loudly, and once, that what --yolo runs has no sandbox', async () => {
    setUpDouble(home, double);
    const call = { id: '1', name: 'shell', arguments: ['{"command":"touch made"}'] };
    const again = { id: '2', name: 'shell', arguments: ['{"command":"touch again"}'] };
    double.script(chatReply({ toolCalls: [call, again] }), chatReply({ text: ['Done.'] }));
    const { stdout, stderr, exitCode } = await run('--yolo', '-q');
    expect({ stdout, exitCode }).toEqual({ stdout: 'Done.\n', exitCode: 0 });
    expect(existsSync(join(cwd, 'again'))).toBe(true);
    expect(stderr.match(/^synapse: --yolo: .*/gm)).toEqual([
      'synapse: --yolo: whatever the model calls is run WITHOUT ASKING.',
      expect.stringMatching(/RUNNING ANYWAY: The command would run without a sandbox\./),
    ]);
  });

  it('runs no command at all where one is required', async () => {
    setUpDouble(home, double, '[tools]\nsandbox = "required"\n');
    await run('--yolo');
    expect(existsSync(join(cwd, 'made'))).toBe(false);
    expect(double.requests.at(-1)?.body).toContain('Commands only run in a sandbox here.');
  });

  it('asks about each command on a terminal, whatever is allowed, and runs it after a yes', async () => {
    setUpDouble(home, double);
    const command = [...wrapper, process.execPath, binary, '--allow', 'shell', '-r'];
    const screen = openShellScreen({
      arguments: ['-c', 'exec "$@"', 'bash', ...command],
      ...{ columns: 100, rows: 30, environment: home.environment, workingDirectory: cwd },
    });
    const shows = (text: string) => screen.until((lines) => lines.join('\n').includes(text));
    try {
      await shows('double-1 · new');
      screen.type('Make it\r');
      await shows('Run it?');
      expect(screen.lines().join('\n')).toContain('The command would run without a sandbox.');
      // No rule could help, so none is offered.
      expect(screen.lines()).toContain('  y once · n no, and why');
      expect(existsSync(join(cwd, 'made'))).toBe(false);
      screen.type('y');
      await shows('Done.');
      expect(existsSync(join(cwd, 'made'))).toBe(true);
    } finally {
      screen.kill('SIGKILL');
      await screen.exited;
    }
  });
});
