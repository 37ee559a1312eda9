import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface StoreTask {
  engine: 'sqlite' | 'postgres';
  options: object;
  sessionId?: string;
  /** How many messages to append, one by one. */
  count?: number;
}

export interface StoreProcess {
  /** Begins; all are started first, so that they begin at once. */
  go(): void;
  kill(): void;
  /** Ids of the messages whose append was acknowledged so far. */
  readonly acknowledged: string[];
  /** Resolves with that many acknowledged messages, or when the process has ended. */
  until(count: number): Promise<void>;
  /** What went wrong; empty when all went well or the process was killed. */
  ended: Promise<string>;
}

const worker = fileURLToPath(new URL('store-worker.mjs', import.meta.url));

export async function startStoreProcess(task: StoreTask): Promise<StoreProcess> {
  const child = spawn(process.execPath, [worker, JSON.stringify(task)]);
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
  lines.on('line', (line) => {
    acknowledged.push(line);
    wake();
  });
  return {
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
