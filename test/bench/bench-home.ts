import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteStore } from '@synapse/storage-sqlite';
import { SynapseHome } from '../support/run-synapse.ts';

const binary = join(process.cwd(), 'packages/cli/bin/synapse.cjs');

export interface ProcessOptions {
  environment?: Record<string, string>;
  stdin?: string;
  onOutput?: () => void;
}

/** A home in which nothing is cleaned up, and whole processes, from start to exit. */
export class BenchHome {
  readonly #home = new SynapseHome();
  readonly #peakFile = join(this.#home.folder, 'peak');

  /** `settings` is added to the configuration file. */
  constructor(settings = '') {
    const folder = join(this.#home.folder, '.config/synapse');
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, 'config.toml'),
      '[session]\nmax_sessions = 0\nretention_days = 0\nauto_cleanup = false\n' + settings,
    );
  }

  get database(): string {
    return join(this.#home.folder, '.config/synapse/sessions.db');
  }

  openStore() {
    return openSqliteStore({ path: this.database });
  }

  /** A process that the caller ends. */
  start(args: readonly string[], environment: Record<string, string> = {}): ChildProcess {
    return spawn(process.execPath, [binary, ...args], {
      cwd: this.#home.folder,
      env: { ...this.#home.environment, OPENAI_API_KEY: 'none', ...environment },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  }

  synapse(args: readonly string[], options: ProcessOptions = {}): Promise<void> {
    return this.node([binary, ...args], options);
  }

  async node(args: readonly string[], options: ProcessOptions = {}): Promise<void> {
    const { environment = {}, stdin, onOutput } = options;
    const child = spawn(process.execPath, args, {
      cwd: this.#home.folder,
      env: { ...this.#home.environment, OPENAI_API_KEY: 'none', ...environment },
      stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    let complaint = '';
    child.stdin?.end(stdin);
    child.stdout?.on('data', () => onOutput?.());
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (complaint += text));
    const [code] = (await once(child, 'close')) as [number];
    if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${complaint}`);
  }

  /** The most memory that a run takes, in MiB; the second one, which finds V8's code. */
  async peakOf(run: (environment: Record<string, string>) => Promise<void>): Promise<number> {
    const hook = join(process.cwd(), 'test/bench/report-peak.cjs');
    const environment = {
      NODE_OPTIONS: `--require ${JSON.stringify(hook)}`,
      BENCH_PEAK_FILE: this.#peakFile,
    };
    await run(environment);
    await run(environment);
    return Number(readFileSync(this.#peakFile, 'utf8'));
  }

  remove(): void {
    this.#home.remove();
  }
}
