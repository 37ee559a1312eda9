import * as Args from '@oclif/core/args';
import { UsageError } from '@synapse/core';
import { BaseCommand } from '../../base-command.ts';
import { dryRunFlag, jsonFlag, yesFlag } from '../../shared-flags.ts';
import { confirm } from '../../output/confirm.ts';
import { hasMcp, mcpConfigFile, removeMcp } from '@synapse/app/wiring/open-mcp';

export default class McpRemove extends BaseCommand {
  static override summary = 'remove an MCP server';
  static override examples = [
    'synapse mcp remove files --dry-run',
    'synapse mcp remove files --yes',
  ];
  static override args = {
    name: Args.string({ required: true, description: 'the name of the server' }),
  };
  static override flags = { ...dryRunFlag, ...yesFlag, ...jsonFlag };

  override async run(): Promise<void> {
    const { flags, args } = await this.parse(McpRemove);
    const app = await this.openApp(flags);
    const path = mcpConfigFile(app);
    if (!(await hasMcp(app, args.name))) {
      throw new UsageError(`There is no MCP server "${args.name}" in ${path}.`, {
        hint: 'synapse mcp list shows all servers.',
      });
    }
    const isDryRun = flags['dry-run'];
    const question = `Remove the MCP server "${args.name}" from ${path}?`;
    const isConfirmed = isDryRun || flags.yes;
    if (!(await confirm({ question, command: 'mcp remove', argv: this.argv, isConfirmed }))) return;
    if (!isDryRun) await removeMcp(app, args.name);
    if (flags.json) this.printJson({ isDryRun, name: args.name, path });
    else this.show(isDryRun ? `would remove "${args.name}" from ${path}` : 'removed');
  }
}
