import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { promisify } from 'node:util';
import { createBubblewrap, isolation, systemMounts } from './bubblewrap.ts';
import { createSandboxExec } from './sandbox-exec.ts';
import type { SandboxSearch } from './sandbox.ts';

const TRIAL_TIMEOUT_MS = 5000;
// Not looked for on the PATH: what stands there may be anybody's.
const bubblewrapPlaces = [
  '/usr/bin/bwrap',
  '/usr/local/bin/bwrap',
  '/run/current-system/sw/bin/bwrap',
];

const run = promisify(execFile);

/** Finds what isolates commands here, and sees it work once before it is relied on. */
export async function findSandbox(
  platform = process.platform,
  places = bubblewrapPlaces,
): Promise<SandboxSearch> {
  if (platform === 'linux') return findBubblewrap(places);
  if (platform === 'darwin') return findSandboxExec();
  return { problem: 'There is no sandbox for this system.' };
}

async function findSandboxExec(): Promise<SandboxSearch> {
  const sandbox = createSandboxExec('/usr/bin/sandbox-exec');
  const request = { command: ['/usr/bin/true'], roots: [], protectedPaths: [], environment: {} };
  const trial = await sandbox.prepare({ ...request, workingDirectory: '/', allowNetwork: true });
  const [program = '', ...args] = trial.command;
  const works = await succeeds(program, args);
  await trial.finish();
  return works ? { sandbox } : { problem: `"${program}" does not work here.` };
}

async function findBubblewrap(places: readonly string[]): Promise<SandboxSearch> {
  for (const program of places) {
    if (
      !(await access(program, constants.X_OK).then(
        () => true,
        () => false,
      ))
    )
      continue;
    const trial = [...isolation(false), ...(await systemMounts('')), '--', '/bin/sh', '-c', ':'];
    if (await succeeds(program, trial)) return { sandbox: createBubblewrap(program) };
    return { problem: 'Bubblewrap is installed but may not make user namespaces here.' };
  }
  return { problem: 'Bubblewrap (the package "bubblewrap") is not installed.' };
}

async function succeeds(program: string, args: readonly string[]): Promise<boolean> {
  return run(program, args, { timeout: TRIAL_TIMEOUT_MS, env: {} }).then(
    () => true,
    () => false,
  );
}
