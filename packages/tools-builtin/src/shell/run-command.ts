import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { OutputBuffer } from './output-buffer.ts';
import { killMarked } from './kill-marked.ts';

const GRACE_MS = 500;
const KEPT_BYTES = 8 * 1024 * 1024;
/** More than this is no output that anybody reads. */
const LIMIT_BYTES = 256 * 1024 * 1024;

export interface CommandRun {
  command: readonly string[];
  workingDirectory: string;
  environment: Readonly<Record<string, string>>;
  /** A value of the environment by which descendants are found that have left the process group. */
  marker: string | null;
  timeoutMs: number;
  signal: AbortSignal;
}

export interface CommandResult {
  /** What it wrote to stdout and stderr, in the order it came. */
  output: Buffer;
  exitCode: number | null;
  endedBy: 'itself' | 'timeout' | 'output' | 'abort';
}

/** Runs a command to its end, and ends with it everything that it started. */
export async function runCommand(run: CommandRun): Promise<CommandResult> {
  const { command, workingDirectory, environment, signal } = run;
  signal.throwIfAborted();
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    cwd: workingDirectory,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own, so that all of it can be ended.
    detached: true,
  });
  const output = new OutputBuffer(KEPT_BYTES);
  let endedBy: CommandResult['endedBy'] = 'itself';
  let killTimer: NodeJS.Timeout | undefined;
  const end = (by: CommandResult['endedBy']): void => {
    if (endedBy !== 'itself') return;
    endedBy = by;
    killGroup(child, 'SIGTERM');
    killTimer = setTimeout(() => killGroup(child, 'SIGKILL'), GRACE_MS);
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output.add(chunk);
      if (output.totalBytes > LIMIT_BYTES) end('output');
    });
  }
  const timer = setTimeout(() => end('timeout'), run.timeoutMs);
  const onAbort = (): void => end('abort');
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const closed = once(child, 'close').catch(() => undefined);
    const [exitCode] = (await once(child, 'exit')) as [number | null];
    killGroup(child, 'SIGKILL');
    if (run.marker !== null) await killMarked(run.marker);
    // A descendant that could not be found may hold the pipes open.
    await Promise.race([closed, patience(GRACE_MS)]);
    return { output: output.toBuffer(), exitCode, endedBy };
  } finally {
    clearTimeout(timer);
    clearTimeout(killTimer);
    signal.removeEventListener('abort', onAbort);
    child.stdout.destroy();
    child.stderr.destroy();
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

async function patience(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms).unref());
}
