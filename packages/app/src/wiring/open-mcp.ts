import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { parseSearchQuery, type AttachmentStore, type Store } from '@synapse/core';
import type { McpConfig, McpServerEntry, McpSources } from '@synapse/tools-mcp';
import type { App } from '../wiring.ts';
import { version } from '../version.ts';
import { toolRoots, searchPathOf } from './tool-folders.ts';

export type { McpServerEntry };
export type McpServer = McpSources['sources'][number];

export function mcpConfigFile({ settings, places }: App): string {
  return settings.mcp.config ?? join(places.configFolder, 'mcp_servers.json');
}

/** The configured MCP servers; null, with nothing loaded, if there is no file of them. */
export async function openMcp(
  app: App,
  attachments: Pick<AttachmentStore, 'put'>,
): Promise<McpSources | null> {
  const configFile = mcpConfigFile(app);
  if (!existsSync(configFile)) return null;
  const { openMcpSources } = await import('@synapse/tools-mcp');
  const { environment, places, settings, clock, logger } = app;
  const PATH = await searchPathOf(app, toolRoots(app));
  return openMcpSources({
    configFile,
    cacheFolder: join(places.cacheFolder, 'mcp'),
    pinFile: join(places.stateFolder, 'mcp-tools.json'),
    environment: { ...environment, PATH },
    clock,
    logger,
    clientVersion: version,
    callTimeoutMs: settings.mcp.timeout * 1000,
    maxOutputLength: settings.tools.max_output_kb * 1024,
    keep: (bytes, mediaType, name) => attachments.put({ bytes, mediaType, name }),
  });
}

/** The servers in the file, reachable or not. */
export async function readMcp(app: App): Promise<McpConfig> {
  const { readMcpConfig } = await import('@synapse/tools-mcp');
  return readMcpConfig({ file: mcpConfigFile(app), environment: app.environment });
}

export async function addMcp(
  app: App,
  server: { name: string; entry: McpServerEntry; replace: boolean },
): Promise<void> {
  const { addMcpServer } = await import('@synapse/tools-mcp');
  await addMcpServer({ file: mcpConfigFile(app), ...server });
}

export async function hasMcp(app: App, name: string): Promise<boolean> {
  const { hasMcpServer } = await import('@synapse/tools-mcp');
  return hasMcpServer(mcpConfigFile(app), name);
}

/** False if there is no such server. */
export async function removeMcp(app: App, name: string): Promise<boolean> {
  const { removeMcpServer } = await import('@synapse/tools-mcp');
  return removeMcpServer(mcpConfigFile(app), name);
}

export interface ServedStreams {
  input: Readable;
  output: Writable;
}

/** Serves the sessions of the store on these streams until the client disconnects. */
export async function serveSessions(
  app: App,
  store: Store,
  { input, output }: ServedStreams,
  signal: AbortSignal,
): Promise<void> {
  const { serveMcp } = await import('@synapse/tools-mcp');
  const { sessions, search } = store;
  const parseQuery = (text: string) => parseSearchQuery(text, app.clock.now());
  await serveMcp(
    { sessions, search, parseQuery, here: app.here, input, output, logger: app.logger, version },
    signal,
  );
}
