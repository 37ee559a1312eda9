import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { itNeeds } from '@synapse/test/support/it-needs';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { outcomeOf, SynapseHome } from '@synapse/test/support/run-synapse';
import { chatReply, setUpDouble } from '@synapse/test/support/scripted-openai';
import { until } from '@synapse/test/support/until';

const works =
  spawnSync('/usr/bin/bwrap', ['--unshare-all', '--ro-bind', '/', '/', 'true']).status === 0;
const kinds = ['off', ...(works ? ['auto'] : [])];
const skipped = works ? '' : ' (without the sandboxed half: bubblewrap is missing)';
const proc = process.platform === 'linux' ? describe : describe.skip;

/** Marks the processes of a test so that survivors are found: a part of a second to sleep longer. */
const MARK = `0.7077${process.pid}`;
const SLEEP = `sleep 1000 ${MARK}`;

function survivors(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((id) => {
      try {
        return readFileSync(`/proc/${id}/cmdline`, 'latin1');
      } catch {
        return '';
      }
    })
    .filter((command) => command.includes(MARK));
}

let home: SynapseHome;
let work: string;
let double: ProviderDouble;
beforeEach(async () => {
  home = new SynapseHome();
  work = join(home.folder, 'work');
  mkdirSync(join(work, '.git'), { recursive: true });
  writeFileSync(join(work, '.git', 'config'), '');
  double = await openProviderDouble();
});
afterEach(async () => {
  await double.close();
  home.remove();
});

function start(sandbox: string, command: string, timeout = 600): ChildProcess {
  setUpDouble(home, double, `[tools]\nsandbox = "${sandbox}"\n`);
  const input = JSON.stringify({ command: `: ${MARK}; ${command}`, timeout });
  const call = { id: '1', name: 'shell', arguments: [input] };
  double.script(chatReply({ toolCalls: [call] }), chatReply({ text: ['Done.'] }));
  return home.start(['--yolo', '-q', 'Do it'], { cwd: work });
}

const isThere = (name: string) => () => existsSync(join(work, name));
const isAside = (name: string) =>
  readdirSync(work).some((one) => one.startsWith(`${name}.untrusted-`));

proc.each(kinds)(`a command whose Synapse is gone, sandbox %s${skipped}`, (sandbox) => {
  it.each([
    ['that waits', `touch started; ${SLEEP}`],
    ['that left its process group', `(setsid ${SLEEP} &); touch started; ${SLEEP}`],
    ['that ignores signals', 'trap "" TERM INT HUP; touch started; while :; do sleep 1; done'],
  ])('ends with it when it is killed: one %s', async (_name, command) => {
    const synapse = start(sandbox, command);
    const outcome = outcomeOf(synapse);
    await until(isThere('started'));
    synapse.kill('SIGKILL');
    await outcome;
    await until(() => survivors().length === 0);
    expect(readdirSync(work).sort()).toEqual(['.git', 'started']);
  });

  it('ends at its own time limit when Synapse is stopped', async () => {
    const synapse = start(sandbox, `touch started; ${SLEEP}`, 1);
    const outcome = outcomeOf(synapse);
    await until(isThere('started'));
    synapse.kill('SIGSTOP');
    await until(() => survivors().length === 0);
    synapse.kill('SIGCONT');
    expect((await outcome).exitCode).toBe(0);
  });
});

proc('a command that has only just started', () => {
  it('ends when Synapse is killed before it has named the process group', async () => {
    const program = `
      import { spawn } from 'node:child_process';
      import { startWatchdog } from './packages/tools-builtin/dist/shell/watchdog.js';
      startWatchdog({ marker: process.argv[1], timeoutSeconds: 600, mustNotAppear: [] });
      const env = { PATH: process.env.PATH, MARKER: process.argv[1] };
      spawn('sh', ['-c', process.argv[2]], { env, detached: true, stdio: 'ignore' });
      const { existsSync } = await import('node:fs');
      while (!existsSync(process.argv[3])) await new Promise(setImmediate);
      process.kill(process.pid, 'SIGKILL');`;
    const started = join(work, 'started');
    const command = `touch '${started}'; ${SLEEP}`;
    const args = ['--input-type=module', '-e', program, `marker-${MARK}`, command, started];
    const { signal } = await outcomeOf(spawn(process.execPath, args));
    expect(signal).toBe('SIGKILL');
    await until(() => survivors().length === 0);
  });
});

describe('a sandboxed command', () => {
  const itSandboxed = itNeeds(works ? '' : 'bubblewrap');

  itSandboxed('has what it made put aside also when Synapse is killed meanwhile', async () => {
    const made = `ln -s nowhere .npmrc; echo obey > AGENTS.md; touch started; ${SLEEP}`;
    const synapse = start('auto', made);
    const outcome = outcomeOf(synapse);
    await until(isThere('started'));
    synapse.kill('SIGKILL');
    await outcome;
    await until(() => isAside('AGENTS.md') && isAside('.npmrc'));
    expect(existsSync(join(work, 'AGENTS.md'))).toBe(false);
    expect(survivors()).toEqual([]);
  });

  itSandboxed('guards the folder whatever another one in it does', async () => {
    const first = start('auto', 'touch first; until [ -e go ]; do sleep 0.05; done');
    const firstOutcome = outcomeOf(first);
    await until(isThere('first'));
    expect(readdirSync(work).sort()).toEqual(['.git', 'first']);
    const evil = [
      'echo x > .envrc',
      'echo x > .mcp.json',
      'mkdir -p .vscode .git/hooks; echo x > .vscode/tasks.json',
      'echo x > .git/hooks/pre-commit',
    ];
    const wait = 'touch second; until [ -e on ]; do sleep 0.05; done';
    const second = start('auto', `${wait}; ${evil.join('; ')}; ${SLEEP}`);
    const secondOutcome = outcomeOf(second);
    await until(isThere('second'));
    writeFileSync(join(work, 'go'), '');
    await firstOutcome;
    writeFileSync(join(work, 'on'), '');
    await secondOutcome;
    for (const name of ['.envrc', '.mcp.json', '.vscode', '.git/hooks']) {
      expect({ name, exists: existsSync(join(work, name)) }).toEqual({ name, exists: false });
    }
    expect(double.requests.at(-1)?.body).toContain('It was stopped because it created');
  });
});
