import * as Args from '@oclif/core/args';
import { UsageError } from '@synapse/core';
import { BaseCommand } from '../base-command.ts';
import { mcpConfigFile, openMcp, type McpServer } from '@synapse/app/wiring/open-mcp';
import type { App } from '@synapse/app/wiring';

export const serverArgument = {
  server: Args.string({ description: 'the name of a server; all of them by default' }),
};

/** What the commands for MCP servers share. */
export abstract class McpCommand extends BaseCommand {
  /** Opens the server of this name, or all that are in use, and ends them after the work. */
  protected async withServers<T>(
    app: App,
    name: string | undefined,
    work: (servers: McpServer[]) => Promise<T>,
  ): Promise<T> {
    // No tool is called here, so no attachment has to be kept.
    const mcp = await openMcp(app, (await app.openMemoryStore()).attachments);
    try {
      for (const { message } of mcp?.problems ?? []) this.notify(message);
      const all = mcp?.sources ?? [];
      const servers = name === undefined ? all : all.filter((one) => one.name === name);
      if (name !== undefined && servers.length === 0) {
        throw new UsageError(`There is no usable MCP server "${name}".`, {
          hint: `synapse mcp list shows the servers in ${mcpConfigFile(app)}.`,
        });
      }
      return await work(servers);
    } finally {
      await mcp?.close();
    }
  }
}
