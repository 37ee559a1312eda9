import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { OutputBuffer } from './output-buffer.ts';
import { killMarked } from './kill-marked.ts';

const GRACE_MS = 500;
const KEPT_BYTES = 8 * 1024 * 1024;
/** Enough output for any reader. */
const LIMIT_BYTES = 256 * 1024 * 1024;

export interface CommandRun {
  command: readonly string[];
  workingDirectory: string;
  environment: Readonly<Record<string, string>>;
  /** An environment value that identifies descendants that left the process group. */
  marker: string | null;
  timeoutMs: number;
  signal: AbortSignal;
  /** The content of descriptor 3. */
  descriptor?: Uint8Array | null;
  /** Watches while the command runs; the callback stops it at once. */
  watch?: (onForbidden: () => void) => () => void;
  /** Called with the process group as soon as it exists. */
  onStart?: (group: number) => void;
}

export interface CommandResult {
  /** Output of stdout and stderr, in the order of arrival. */
  output: Buffer;
  exitCode: number | null;
  endedBy: 'itself' | 'timeout' | 'output' | 'abort' | 'forbidden';
}

/** Runs a command to its end, and then ends all processes that it started. */
export async function runCommand(run: CommandRun): Promise<CommandResult> {
  run.signal.throwIfAborted();
  const forbidden = new AbortController();
  const unwatch = run.watch?.(() => forbidden.abort());
  try {
    return await runWatched(run, forbidden.signal);
  } finally {
    unwatch?.();
  }
}

async function runWatched(run: CommandRun, forbidden: AbortSignal): Promise<CommandResult> {
  const { command, workingDirectory, environment, signal, descriptor = null } = run;
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    cwd: workingDirectory,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe', ...(descriptor ? (['pipe'] as const) : [])],
    // A separate process group, so that all of it can be killed.
    detached: true,
  });
  if (child.pid !== undefined) run.onStart?.(child.pid);
  const { stdout, stderr } = child as ChildProcessByStdio<null, Readable, Readable>;
  const output = new OutputBuffer(KEPT_BYTES);
  let endedBy: CommandResult['endedBy'] = 'itself';
  let killTimer: NodeJS.Timeout | undefined;
  const end = (by: CommandResult['endedBy']): void => {
    if (endedBy !== 'itself') return;
    endedBy = by;
    killGroup(child, by === 'forbidden' ? 'SIGKILL' : 'SIGTERM');
    killTimer = setTimeout(() => killGroup(child, 'SIGKILL'), GRACE_MS);
  };
  if (descriptor) {
    const input = child.stdio[3] as Writable;
    // If a command ends before it has read its input, its exit code reports that.
    input.on('error', () => undefined);
    input.end(descriptor);
  }
  for (const stream of [stdout, stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output.add(chunk);
      if (output.totalBytes > LIMIT_BYTES) end('output');
    });
  }
  const timer = setTimeout(() => end('timeout'), run.timeoutMs);
  const onAbort = (): void => end('abort');
  signal.addEventListener('abort', onAbort, { once: true });
  forbidden.addEventListener('abort', () => end('forbidden'), { once: true });
  try {
    const closed = once(child, 'close').catch(() => undefined);
    const [exitCode] = (await once(child, 'exit')) as [number | null];
    killGroup(child, 'SIGKILL');
    if (run.marker !== null) await killMarked(run.marker);
    // A descendant that was not found may keep the pipes open.
    await Promise.race([closed, wait(GRACE_MS)]);
    return { output: output.toBuffer(), exitCode, endedBy };
  } finally {
    clearTimeout(timer);
    clearTimeout(killTimer);
    signal.removeEventListener('abort', onAbort);
    stdout.destroy();
    stderr.destroy();
  }
}

function killGroup({ pid }: ChildProcess, name: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, name);
  } catch {
    // It has ended by itself.
  }
}

async function wait(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms).unref());
}
