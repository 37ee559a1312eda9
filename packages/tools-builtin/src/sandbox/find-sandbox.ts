import { access, constants } from 'node:fs/promises';
import { runCommand } from '../shell/run-command.ts';
import { createBubblewrap } from './bubblewrap.ts';
import { createSandboxExec } from './sandbox-exec.ts';
import type { Sandbox, SandboxSearch } from './sandbox.ts';

const TRIAL_TIMEOUT_MS = 5000;
// Not from the PATH, which may contain programs of other users.
const bubblewrapPlaces = [
  '/usr/bin/bwrap',
  '/usr/local/bin/bwrap',
  '/run/current-system/sw/bin/bwrap',
];

/** Finds a sandbox for commands, and tests it once before relying on it. */
export async function findSandbox(
  platform = process.platform,
  places = bubblewrapPlaces,
): Promise<SandboxSearch> {
  if (platform === 'linux') return findBubblewrap(places);
  if (platform === 'darwin') {
    const sandbox = createSandboxExec('/usr/bin/sandbox-exec');
    return (await works(sandbox)) ? { sandbox } : { problem: 'sandbox-exec does not work here.' };
  }
  return { problem: 'There is no sandbox for this system.' };
}

async function findBubblewrap(places: readonly string[]): Promise<SandboxSearch> {
  for (const program of places) {
    if (!(await isProgram(program))) continue;
    const sandbox = createBubblewrap(program);
    if (await works(sandbox)) return { sandbox };
    return { problem: 'Bubblewrap is installed but cannot create user namespaces here.' };
  }
  return { problem: 'Bubblewrap (the package "bubblewrap") is not installed.' };
}

async function works(sandbox: Sandbox): Promise<boolean> {
  const prepared = await sandbox.prepare({
    ...{ command: ['/bin/sh', '-c', ':'], workingDirectory: '/', roots: [], protectedPaths: [] },
    ...{ environment: {}, allowNetwork: false },
  });
  try {
    const { exitCode } = await runCommand({
      ...prepared,
      workingDirectory: '/',
      marker: null,
      timeoutMs: TRIAL_TIMEOUT_MS,
      signal: new AbortController().signal,
    });
    return exitCode === 0;
  } catch {
    return false;
  } finally {
    await prepared.finish();
  }
}

async function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
