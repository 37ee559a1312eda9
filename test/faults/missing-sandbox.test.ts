import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { outcomeOf, SynapseHome, type Outcome } from '@synapse/test/support/run-synapse';
import { chatReply, setUpDouble } from '@synapse/test/support/scripted-openai';

const binary = join(process.cwd(), 'packages/cli/bin/synapse.cjs');
/** All is as it was, but no user namespaces can be made, as some systems have it. */
const withoutNamespaces = ['--dev-bind', '/', '/', '--unshare-user', '--disable-userns', '--'];
const works = spawnSync('/usr/bin/bwrap', [...withoutNamespaces, 'true']).status === 0;

(works ? describe : describe.skip)('where no sandbox can be made', () => {
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
    const command = [...withoutNamespaces, process.execPath, binary, ...args, 'Make it'];
    const child = spawn('/usr/bin/bwrap', command, {
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
      expect.stringMatching(/RUN ALL THE SAME: The command would run without a sandbox\./),
    ]);
  });

  it('runs no command at all where one is required', async () => {
    setUpDouble(home, double, '[tools]\nsandbox = "required"\n');
    await run('--yolo');
    expect(existsSync(join(cwd, 'made'))).toBe(false);
    expect(double.requests.at(-1)?.body).toContain('Commands only run in a sandbox here.');
  });
});
