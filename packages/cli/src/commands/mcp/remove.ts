import * as Args from '@oclif/core/args';
import { UsageError } from '@synapse/core';
import { ManageCommand, jsonFlag, yesFlag } from '../../manage/manage-command.ts';
import { confirm } from '../../output/confirm.ts';
import { mcpConfigFile, removeMcp } from '../../wiring/open-mcp.ts';

export default class McpRemove extends ManageCommand {
  static override summary = 'remove an MCP server';
  static override examples = ['synapse mcp remove files --yes'];
  static override args = {
    name: Args.string({ required: true, description: 'what it is called' }),
  };
  static override flags = { ...yesFlag, ...jsonFlag };

  override async run(): Promise<void> {
    const { flags, args } = await this.parse(McpRemove);
    const app = await this.openApp(flags);
    const path = mcpConfigFile(app);
    const question = `Remove the MCP server ${JSON.stringify(args.name)} from ${path}?`;
    const isConfirmed = flags.yes;
    if (!(await confirm({ question, command: 'mcp remove', argv: this.argv, isConfirmed }))) return;
    if (!(await removeMcp(app, args.name))) {
      throw new UsageError(`There is no MCP server "${args.name}" in ${path}.`, {
        hint: 'synapse mcp list shows what there is.',
      });
    }
    if (flags.json) this.printJson({ name: args.name, path });
    else this.show('removed');
  }
}
