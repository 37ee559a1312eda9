export {
  addMcpServer,
  hasMcpServer,
  removeMcpServer,
  type McpServerEntry,
} from './config/write-mcp-config.ts';
export { readMcpConfig, type McpConfig } from './config/read-mcp-config.ts';
export type { HttpSettings, McpServerSettings, StdioSettings } from './config/server-settings.ts';
export { McpFailure } from './connection/mcp-failure.ts';
export type { LinkState } from './connection/server-link.ts';
export type { Keep } from './from-call-result.ts';
export {
  McpToolSource,
  type McpServerStatus,
  type McpToolSourceOptions,
} from './mcp-tool-source.ts';
export { openMcpSources, type McpSources, type McpSourcesOptions } from './open-mcp-sources.ts';
export { serveMcp, type ServeMcpOptions } from './server/serve-mcp.ts';
