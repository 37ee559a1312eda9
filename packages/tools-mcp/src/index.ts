export {
  addMcpServer,
  hasMcpServer,
  removeMcpServer,
  type McpServerEntry,
} from './config/write-mcp-config.ts';
export { readMcpConfig, type McpConfig } from './config/read-mcp-config.ts';
export { McpToolSource } from './mcp-tool-source.ts';
export { openMcpSources, type McpSources } from './open-mcp-sources.ts';
export { serveMcp } from './server/serve-mcp.ts';
