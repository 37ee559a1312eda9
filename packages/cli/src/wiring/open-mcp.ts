import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { AttachmentStore } from '@synapse/core';
import type { McpSources } from '@synapse/tools-mcp';
import { version } from '../version.ts';
import type { App } from '../wiring.ts';

export function mcpConfigFile({ settings, places }: App): string {
  return settings.mcp.config ?? join(places.configFolder, 'mcp_servers.json');
}

/** The configured MCP servers; null, and nothing is loaded, where there is no file of them. */
export async function openMcp(
  app: App,
  attachments: Pick<AttachmentStore, 'put'>,
): Promise<McpSources | null> {
  const configFile = mcpConfigFile(app);
  if (!existsSync(configFile)) return null;
  const { openMcpSources } = await import('@synapse/tools-mcp');
  const { environment, places, settings, clock, logger } = app;
  return openMcpSources({
    configFile,
    cacheFolder: join(places.cacheFolder, 'mcp'),
    pinFile: join(places.stateFolder, 'mcp-tools.json'),
    environment,
    clock,
    logger,
    clientVersion: version,
    callTimeoutMs: settings.mcp.timeout * 1000,
    maxOutputLength: settings.tools.max_output_kb * 1024,
    keep: (bytes, mediaType, name) => attachments.put({ bytes, mediaType, name }),
  });
}
