import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownNamespace } from './own-namespace.ts';

const binary = join(process.cwd(), 'packages/cli/bin/synapse.cjs');

export interface Outcome {
  stdout: string;
  stderr: string;
  exitCode: number | null;
  signal: NodeJS.Signals | null;
}

/** Stdin that stays open and says nothing. */
export const openStdin = Symbol('open stdin');

export interface RunOptions {
  environment?: Record<string, string>;
  /** What is piped in; without it stdin is closed. */
  stdin?: string | Uint8Array | typeof openStdin;
  cwd?: string;
  /** Runs as process 1 of a pid namespace of its own, as in a container. */
  isContained?: boolean;
}

/** A home of its own for the real binary, which sees nothing of the machine's settings. */
export class SynapseHome {
  readonly folder = mkdtempSync(join(tmpdir(), 'synapse e2e '));

  get environment(): Record<string, string> {
    return {
      PATH: process.env.PATH ?? '',
      HOME: this.folder,
      // Compiled once for the whole run of the tests.
      XDG_CACHE_HOME: join(tmpdir(), 'synapse-e2e-cache'),
    };
  }

  start(
    args: readonly string[],
    { environment = {}, stdin, cwd, isContained = false }: RunOptions = {},
  ): ChildProcess {
    const words = [...(isContained ? ownNamespace : []), process.execPath, binary, ...args];
    const child = spawn(words[0] ?? '', words.slice(1), {
      cwd: cwd ?? this.folder,
      env: { ...this.environment, ...environment },
      stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    if (stdin !== undefined && stdin !== openStdin) child.stdin?.end(stdin);
    return child;
  }

  run(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    return outcomeOf(this.start(args, options));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export async function outcomeOf(child: ChildProcess): Promise<Outcome> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
  const [exitCode, signal] = await new Promise<[number | null, NodeJS.Signals | null]>(
    (resolve) => {
      child.on('close', (code, name) => resolve([code, name]));
    },
  );
  return {
    stdout: Buffer.concat(stdout).toString(),
    stderr: Buffer.concat(stderr).toString(),
    exitCode,
    signal,
  };
}
