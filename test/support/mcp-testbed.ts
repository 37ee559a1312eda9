import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Clock, ToolOutput } from '@synapse/core';
import { openMcpSources, type McpSources, type McpToolSource } from '@synapse/tools-mcp';
import { createRecordingLogger } from './recording-logger.ts';

export const scriptedServer = fileURLToPath(
  new URL('../fakes/mcp/stdio-server.mjs', import.meta.url),
);

export interface TestOptions {
  callTimeoutMs?: number;
  startTimeoutMs?: number;
  listPatienceMs?: number;
  maxOutputLength?: number;
  environment?: NodeJS.ProcessEnv;
  clock?: Clock;
}

/** An entry for the scripted server that starts in the given way. */
export function scripted(start = 'plain', ...args: string[]) {
  return { command: process.execPath, args: [scriptedServer, start, ...args] };
}

/** A folder in which sources can be opened again and again, as after a restart of Synapse. */
export async function openTestbed() {
  const folder = await mkdtemp(join(tmpdir(), 'synapse-mcp-'));
  const opened: McpSources[] = [];
  const kept: { bytes: string; mediaType: string; name: string | null }[] = [];
  const logger = createRecordingLogger();
  const realClock: Clock = {
    now: () => new Date(),
    monotonicMs: () => performance.now(),
    sleep: (ms, signal) => sleep(ms, undefined, { signal }),
  };

  const open = async (mcpServers: object, options: TestOptions = {}): Promise<McpSources> => {
    const configFile = join(folder, 'mcp_servers.json');
    await writeFile(configFile, JSON.stringify({ mcpServers }), { mode: 0o600 });
    const sources = await openMcpSources({
      configFile,
      cacheFolder: join(folder, 'cache', 'mcp'),
      pinFile: join(folder, 'state', 'mcp-tools.json'),
      environment: process.env,
      clock: realClock,
      logger,
      clientVersion: '0.0.0',
      callTimeoutMs: 60_000,
      startTimeoutMs: 60_000,
      listPatienceMs: 60_000,
      keep: async (bytes, mediaType, name) => {
        kept.push({ bytes: Buffer.from(bytes).toString(), mediaType, name });
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        return { sha256, mediaType, name, byteLength: bytes.byteLength };
      },
      ...options,
    });
    opened.push(sources);
    return sources;
  };

  const openOne = async (entry: object, options?: TestOptions): Promise<McpToolSource> => {
    const { sources, problems } = await open({ one: entry }, options);
    const [source] = sources;
    if (!source) throw new Error(String(problems));
    return source;
  };

  return {
    folder,
    kept,
    logger,
    open,
    openOne,
    async close() {
      await Promise.all(opened.map((sources) => sources.close()));
      await rm(folder, { recursive: true });
    },
  };
}

export type Testbed = Awaited<ReturnType<typeof openTestbed>>;

/** Calls a tool of the server "one" by the server's own name for it. */
export function callOne(
  source: McpToolSource,
  tool: string,
  input = {},
  signal = new AbortController().signal,
): Promise<ToolOutput> {
  return source.call(`mcp__one__${tool}`, input, signal);
}
