import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import type { Logger } from '@synapse/core';
import type { StdioSettings } from '../config/server-settings.ts';
import { childEnvironment } from './child-environment.ts';
import { MAX_BAD_MESSAGES, MAX_MESSAGE_BYTES } from './limits.ts';
import { LineSplitter } from './line-splitter.ts';
import { logStderr } from './log-stderr.ts';
import { signalGroup, trackGroup } from './process-group.ts';

const LEAVE_MS = 300;
const TERMINATE_MS = 700;
const DRAIN_MS = 250;

export interface StdioTransportOptions {
  server: string;
  settings: StdioSettings;
  environment: NodeJS.ProcessEnv;
  logger: Logger;
  /** Turns a line into a message or throws. */
  parse: (line: string) => JSONRPCMessage;
  /** Called once with the reason for giving up the server. */
  onFatal: (reason: string) => void;
}

/** A server as a child process with a group of its own; one message is one line. */
export class StdioTransport implements Transport {
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  onmessage?: Transport['onmessage'];

  readonly #options: StdioTransportOptions;
  #child: ChildProcessByStdio<Writable, Readable, Readable> | undefined;
  #badMessages = 0;
  #isGivenUp = false;

  constructor(options: StdioTransportOptions) {
    this.#options = options;
  }

  start(): Promise<void> {
    const { server, settings, environment, logger } = this.#options;
    const child = spawn(settings.command, settings.args, {
      cwd: settings.workingDirectory,
      env: childEnvironment(environment, settings.environment),
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    this.#child = child;
    logStderr(child.stderr, server, logger);
    const lines = new LineSplitter({
      maxBytes: MAX_MESSAGE_BYTES,
      onLine: (line) => this.#receive(line),
      onTooLong: () => this.#giveUp(`sent a message of more than ${MAX_MESSAGE_BYTES} bytes`),
    });
    child.stdout.on('data', (chunk: Buffer) => {
      if (!this.#isGivenUp) lines.push(chunk);
    });
    child.stdin.on('error', (error) => this.onerror?.(error));
    child.stdout.on('error', (error) => this.onerror?.(error));
    child.once('exit', (code, signal) => {
      const stop = () => this.#stop(`ended by itself (${signal ?? `exit code ${String(code)}`})`);
      // Its last output may still arrive, but a runaway grandchild must not keep that open.
      child.once('close', stop);
      setTimeout(stop, DRAIN_MS).unref();
    });
    return new Promise((resolve, reject) => {
      child.once('spawn', () => {
        trackGroup(child);
        resolve();
      });
      child.once('error', (error) => {
        this.#isGivenUp = true;
        reject(error);
        this.#stop('cannot be started');
      });
    });
  }

  send(message: JSONRPCMessage): Promise<void> {
    const stdin = this.#child?.stdin;
    if (this.#isGivenUp || !stdin?.writable) return Promise.reject(new Error('Not connected'));
    if (stdin.writableLength > MAX_MESSAGE_BYTES) {
      this.#giveUp('does not read its input');
      return Promise.reject(new Error('Not connected'));
    }
    return new Promise((resolve, reject) => {
      stdin.write(`${JSON.stringify(message)}\n`, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Asks the server to exit, then kills it; resolves when the whole group has ended. */
  async close(): Promise<void> {
    this.#isGivenUp = true;
    const child = this.#child;
    if (child?.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      const exit = new Promise<boolean>((resolve) => child.once('exit', () => resolve(true)));
      const within = (ms: number) => Promise.race([exit, sleep(ms, false, { ref: false })]);
      child.stdin.end();
      if (!(await within(LEAVE_MS))) {
        signalGroup(child, 'SIGTERM');
        if (!(await within(TERMINATE_MS))) {
          signalGroup(child, 'SIGKILL');
          await within(TERMINATE_MS);
        }
      }
    }
    this.#stop('was closed');
  }

  #receive(line: string): void {
    if (this.#isGivenUp) return;
    let message: JSONRPCMessage;
    try {
      message = this.#options.parse(line);
    } catch (error) {
      this.#badMessages += 1;
      this.onerror?.(error as Error);
      if (this.#badMessages >= MAX_BAD_MESSAGES) this.#giveUp('does not speak MCP on stdout');
      return;
    }
    this.onmessage?.(message);
  }

  #giveUp(reason: string): void {
    if (this.#isGivenUp) return;
    this.#isGivenUp = true;
    this.#options.onFatal(reason);
    if (this.#child) signalGroup(this.#child, 'SIGKILL');
  }

  #stop(reason: string): void {
    const { onclose } = this;
    this.onclose = undefined;
    if (!this.#isGivenUp) this.#options.onFatal(reason);
    this.#isGivenUp = true;
    onclose?.();
  }
}
