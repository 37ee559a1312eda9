import { ConfigError } from '@synapse/core';
import { readMcpConfig } from './config/read-mcp-config.ts';
import { DiscoveryCache } from './discovery/discovery-cache.ts';
import { createToolPinFile } from './discovery/tool-pin-file.ts';
import { ToolPins } from './discovery/tool-pins.ts';
import { McpToolSource, type McpToolSourceOptions } from './mcp-tool-source.ts';
import { serverSlug } from './tool-name.ts';

export interface McpSourcesOptions
  extends
    Pick<
      McpToolSourceOptions,
      'environment' | 'clock' | 'logger' | 'keep' | 'clientVersion' | 'callTimeoutMs'
    >,
    Partial<Pick<McpToolSourceOptions, 'startTimeoutMs' | 'listPatienceMs' | 'maxOutputLength'>> {
  /** The `mcpServers` file. */
  configFile: string;
  /** Where lists of tools are cached. */
  cacheFolder: string;
  /** Where approved tools are remembered. */
  pinFile: string;
}

export interface McpSources {
  /** One for each server that is not disabled. */
  sources: McpToolSource[];
  /** Servers with an invalid entry. */
  problems: ConfigError[];
  notes: string[];
  /** Starts all servers at once; failures are in their status. */
  connectAll(signal: AbortSignal): Promise<void>;
  /** Ends every process and connection. */
  close(): Promise<void>;
}

/** Reads the file and makes the sources; no server is started yet. */
export async function openMcpSources(options: McpSourcesOptions): Promise<McpSources> {
  const { configFile, cacheFolder, pinFile, environment, clock, logger } = options;
  const { servers, problems, notes } = await readMcpConfig({ file: configFile, environment });
  const cache = new DiscoveryCache({ folder: cacheFolder, now: () => clock.now(), logger });
  const pins = new ToolPins(createToolPinFile(pinFile));
  const sources = new Map<string, McpToolSource>();
  for (const settings of servers) {
    if (settings.isDisabled) continue;
    const slug = serverSlug(settings.name);
    if (sources.has(slug)) {
      problems.push(
        new ConfigError(
          `${configFile}: server "${settings.name}": another server has the same name.`,
        ),
      );
      continue;
    }
    const source = new McpToolSource({
      startTimeoutMs: 30_000,
      listPatienceMs: 5_000,
      maxOutputLength: 64 * 1024,
      ...options,
      settings,
      cache,
      pins,
    });
    sources.set(slug, source);
  }
  const all = [...sources.values()];
  return {
    sources: all,
    problems,
    notes,
    async connectAll(signal) {
      await Promise.allSettled(all.map((source) => source.connect(signal)));
      signal.throwIfAborted();
    },
    async close() {
      await Promise.all(all.map((source) => source.close()));
    },
  };
}
