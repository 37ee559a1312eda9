import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ownNamespace } from './own-namespace.ts';

export interface StoreTask {
  engine: 'sqlite' | 'postgres';
  options: object;
  sessionId?: string;
  /** How many messages to append, one by one. */
  count?: number;
  /** Whether to wait for another `go` after a failure, instead of ending. */
  persists?: boolean;
  /** Takes the lease of the session, says its token, and keeps it. */
  holds?: boolean;
  /** Cleans up as it would at this moment, and says each session that was purged. */
  cleansUpAtMs?: number;
  /** Runs as process 1 of a pid namespace of its own, as in a container. */
  isContained?: boolean;
  /** The largest file that the process may write at first. */
  fileSizeLimitKiB?: number;
}

export interface StoreProcess {
  pid: number;
  /** Begins, or goes on; all are started first, so that they begin at once. */
  go(): void;
  kill(): void;
  /** Ids of the messages, or sessions, whose append, or purge, was acknowledged so far. */
  readonly acknowledged: string[];
  /** Resolves with that many acknowledged ids, or when the process has ended. */
  until(count: number): Promise<void>;
  /** Resolves with the code of the next failure. */
  failure: Promise<string>;
  /** What went wrong; empty when all went well or the process was killed. */
  ended: Promise<string>;
}

const worker = join(process.cwd(), 'test/support/store-worker.mjs');

export async function startStoreProcess(task: StoreTask): Promise<StoreProcess> {
  const limit = task.fileSizeLimitKiB ?? 'unlimited';
  const child = spawn('sh', [
    '-c',
    `ulimit -S -f ${limit}; exec ${task.isContained ? ownNamespace.join(' ') : ''} "$0" "$@"`,
    ...[process.execPath, worker, JSON.stringify(task)],
  ]);
  const acknowledged: string[] = [];
  let complaint = '';
  let wake: () => void = () => undefined;
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const lines = createInterface(child.stdout);
  const ready = once(lines, 'line');
  const ended = once(child, 'close').then(() => {
    wake();
    return complaint;
  });
  await Promise.race([ready, ended]);
  const failure = new Promise<string>((resolve) => {
    lines.on('line', (line) => {
      if (line.startsWith('failed ')) resolve(line.slice('failed '.length));
      else acknowledged.push(line);
      wake();
    });
  });
  return {
    pid: child.pid ?? 0,
    failure,
    go: () => child.stdin.write('go\n'),
    kill: () => child.kill('SIGKILL'),
    acknowledged,
    until: async (count) => {
      while (acknowledged.length < count && child.exitCode === null && child.signalCode === null) {
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    ended,
  };
}
