import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';

export interface FaultTask {
  job: 'open' | 'append' | 'cleanup' | 'purge' | 'backup' | 'vacuum';
  path: string;
  target?: string;
  sessionId?: string;
  /** The session that is purged. */
  longId?: string | undefined;
  count?: number;
  isWeak?: boolean;
}

export interface FaultOutcome {
  /** Ids of the messages that were acknowledged. */
  acknowledged: string[];
  errors: string[];
  /** Errors that were none of ours, and whatever went to stderr. */
  unexpected: string[];
  signal: NodeJS.Signals | null;
}

const worker = join(process.cwd(), 'test/support/fault-worker.mjs');

/** Runs a worker, under `wrapper` (a command and its arguments) where one is given. */
export async function runFaultProcess(
  task: FaultTask,
  wrapper: readonly string[] = [],
  timeoutMs = 60_000,
): Promise<FaultOutcome> {
  const [command, ...rest] = [...wrapper, process.execPath, worker, JSON.stringify(task)];
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (piece: string) => (text[name] += piece));
  }
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  const signal = await new Promise<NodeJS.Signals | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (_, name) => resolve(name));
  });
  clearTimeout(timer);
  const after = (start: string) =>
    text.stdout
      .split('\n')
      .flatMap((line) => (line.startsWith(start) ? line.slice(start.length) : []));
  return {
    acknowledged: after('ack '),
    errors: after('error '),
    unexpected: [...after('unexpected '), ...text.stderr.split('\n').filter(Boolean)],
    signal,
  };
}

/** strace, that only looks at the files of the database. */
export function straceOf(path: string, ...options: string[]): string[] {
  const files = ['', '-wal', '-journal'].flatMap((suffix) => ['-P', path + suffix]);
  return ['strace', '-f', '-qq', '-o', '/dev/null', ...files, ...options];
}

export function isInstalled(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;
}
