import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { newId } from '@synapse/core';
import type { BenchHome } from './bench-home.ts';

/** `synapse serve` in a process of its own. */
export interface Served {
  url: string;
  token: string;
  /** From the start of the process to the printed line. */
  startMs: number;
  pid: number | undefined;
  ask(method: string, path: string, json?: object): Promise<unknown>;
  /** The whole text of a stream. */
  read(path: string): Promise<string>;
  /** Begins a run in a new session; returns its id. */
  startRun(): Promise<{ id: string; sessionId: string }>;
  stop(): Promise<void>;
}

export async function startServed(
  home: BenchHome,
  environment: Record<string, string> = {},
): Promise<Served> {
  const since = performance.now();
  const child = home.start(['serve', '--port', '0', '--json'], environment);
  const line = await firstLine(child);
  const startMs = performance.now() - since;
  const { url, tokenFile } = JSON.parse(line) as { url: string; tokenFile: string };
  const token = readFileSync(tokenFile, 'utf8').trim();
  const send = async (method: string, path: string, json?: object): Promise<string> => {
    const reply = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(json && { body: JSON.stringify(json) }),
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`);
    return text;
  };
  const ask = async (...request: Parameters<typeof send>): Promise<unknown> =>
    JSON.parse(await send(...request));
  return {
    ...{ url, token, startMs, pid: child.pid, ask },
    read: (path) => send('GET', path),
    async startRun() {
      const [sessionId, id] = [newId(), newId()];
      await ask('POST', '/api/sessions', { id: sessionId, provider: 'openai', model: 'gpt-5' });
      await ask('POST', `/api/sessions/${sessionId}/runs`, { id, text: 'hi' });
      return { id, sessionId };
    },
    stop: () => end(child),
  };
}

/** A script of this folder in a process of its own, which prints lines. */
export function startScript(name: string, ...args: readonly string[]) {
  const script = join(process.cwd(), 'test/bench', name);
  const child = spawn(process.execPath, [script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async readLine(): Promise<string> {
      const next = await lines.next();
      if (next.done) throw new Error(`${name} ended early.`);
      return next.value;
    },
    stop: () => end(child),
  };
}

async function firstLine(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) return line;
  throw new Error('The server did not start.');
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'exit');
  child.kill('SIGTERM');
  await closed;
}
