import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { streamOf } from '@synapse/test/support/replies';
import { outcomeOf, SynapseHome, type Outcome } from '@synapse/test/support/run-synapse';
import { chatReply, setUpDouble } from '@synapse/test/support/scripted-openai';
import { openAiChatWire } from '@synapse/test/support/wire/openai-chat-wire';

const binary = join(process.cwd(), 'packages/cli/bin/synapse.cjs');

describe('streams that are broken', () => {
  let home: SynapseHome;
  let double: ProviderDouble;
  beforeEach(async () => {
    home = new SynapseHome();
    double = await openProviderDouble();
    setUpDouble(home, double);
    double.script(chatReply({ text: ['fine'] }));
  });
  afterEach(async () => {
    await double.close();
    home.remove();
  });

  /** Runs with the stream of this number, of stdout and stderr, on a disk that is full. */
  const runOnFull = async (stream: 1 | 2, args: string[]): Promise<Outcome> => {
    const full = openSync('/dev/full', 'w');
    try {
      return await outcomeOf(
        spawn(process.execPath, [binary, ...args], {
          cwd: home.folder,
          env: home.environment,
          stdio: ['ignore', stream === 1 ? full : 'pipe', stream === 2 ? full : 'pipe'],
        }),
      );
    } finally {
      closeSync(full);
    }
  };
  /** Runs in a shell, for what a shell alone can do to streams. */
  const runInShell = (script: string): Promise<Outcome> =>
    outcomeOf(
      spawn(
        '/bin/sh',
        ['-c', script.replaceAll('synapse', '"$0" "$1"'), process.execPath, binary],
        {
          cwd: home.folder,
          env: home.environment,
          stdio: ['ignore', 'pipe', 'pipe'],
        },
      ),
    );

  const hasFullDisk = existsSync('/dev/full');
  const onFullDisk = hasFullDisk ? it : it.skip;
  const reason = hasFullDisk ? '' : ' (skipped: needs /dev/full)';

  onFullDisk.each([
    [['hello']],
    [['--json', 'hello']],
    [['config', 'list']],
    [['help', 'settings']],
    [['--version']],
  ])(
    `says in a line that the output of %j cannot be written, and ends with 74${reason}`,
    async (args) => {
      const { stderr, exitCode } = await runOnFull(1, args);
      expect(exitCode).toBe(74);
      expect(stderr).not.toContain('    at ');
      expect(stderr.split('\n').length).toBeLessThan(4);
      if (args[0] !== '--version') expect(stderr).toContain("can't be written (ENOSPC)");
    },
  );

  onFullDisk(`keeps the answer that could not be shown${reason}`, async () => {
    await runOnFull(1, ['hello']);
    const { stdout } = await home.run(['sessions', 'show', 'last', '--json']);
    expect(stdout).toContain('fine');
  });

  onFullDisk('answers although nothing can be said on stderr', async () => {
    const { stdout, exitCode } = await runOnFull(2, ['-v', 'hello']);
    expect({ stdout, exitCode }).toEqual({ stdout: 'fine\n', exitCode: 0 });
  });

  it.each([
    ['stdin', 'synapse hello <&-', 'fine\n'],
    ['stdout', 'synapse hello >&-', ''],
    ['stderr', 'synapse hello 2>&-', 'fine\n'],
    ['all', 'synapse hello <&- >&- 2>&-', ''],
  ])('works with %s closed', async (_which, script, stdout) => {
    expect(await runInShell(script)).toMatchObject({ stdout, stderr: '', exitCode: 0 });
  });

  it.each([
    ['a pipe', 'printf piped | synapse hello', true],
    ['a file', 'printf piped > file; synapse hello < file', true],
    ['a named pipe', 'mkfifo fifo; printf piped > fifo & synapse hello < fifo', true],
    ['nothing', 'synapse hello </dev/null', false],
    ['a device that never ends', 'synapse hello </dev/zero', false],
    ['a folder', 'synapse hello < .', false],
  ])('reads stdin where it is %s, or leaves it alone', async (_what, script, isRead) => {
    expect(await runInShell(script)).toMatchObject({ stdout: 'fine\n', stderr: '', exitCode: 0 });
    expect(double.requests[0]?.body.includes('<stdin>')).toBe(isRead);
  });

  it.each([[[]], [['--raw']], [['--output', 'ndjson']]])(
    'stores an answer as interrupted whose reader leaves in the middle of it: %j',
    async (flags) => {
      const events = openAiChatWire({ text: ['A half', ' and more', ' and more'] });
      let goOn: () => void = () => undefined;
      const wait = new Promise<void>((resolve) => (goOn = resolve));
      const [first, second, third] = [events.slice(0, 2).join(''), events[2]!, events[3]!];
      double.script(
        streamOf([{ send: first }, { wait }, { send: second }, { send: third }, { hang: true }]),
      );
      const child = spawn(process.execPath, [binary, ...flags, 'hello'], {
        cwd: home.folder,
        env: home.environment,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const exited = once(child, 'exit');
      await once(child.stdout, 'data');
      child.stdout.destroy();
      goOn();
      expect(await exited).toEqual([0, null]);
      const { stdout } = await home.run(['sessions', 'show', 'last', '--json']);
      const { messages } = JSON.parse(stdout) as { messages: { status: string }[] };
      expect(messages.map(({ status }) => status)).toEqual(['complete', 'interrupted']);
      expect(stdout).toContain('A half');
    },
  );

  it.each([
    'synapse --version | true',
    'synapse --help | head -n 1',
    'synapse help settings | head -n 1',
    'synapse sessions list --json | true',
    'synapse hello | true',
    'synapse hello 2>&1 >/dev/null | true',
  ])('says nothing after a reader that leaves: %s', async (script) => {
    expect((await runInShell(script)).stderr).toBe('');
  });
});
