import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { quoteWord } from '@synapse/core/words';
import { BaseCommand } from '../../base-command.ts';
import { jsonFlag } from '../../shared-flags.ts';
import { toServerEntry } from '../../mcp/server-entry.ts';
import { addMcp, mcpConfigFile } from '@synapse/app/wiring/open-mcp';

const many = { multiple: true, multipleNonGreedy: true } as const;

export default class McpAdd extends BaseCommand {
  static override summary = 'add an MCP server';
  static override description = 'A value such as ${TOKEN} is filled in from the environment.';
  static override examples = [
    'synapse mcp add files -- npx -y @modelcontextprotocol/server-filesystem ~/notes',
    "synapse mcp add tracker https://mcp.example.com/mcp --header 'Authorization=Bearer ${TOKEN}'",
  ];
  static override strict = false;
  static override args = {
    name: Args.string({ required: true, description: 'the name of the server' }),
    target: Args.string({ required: true, description: 'its URL, or the command that starts it' }),
  };
  static override flags = {
    env: Flags.string({
      ...many,
      helpValue: '<NAME=value>',
      description: 'an environment variable for the server',
    }),
    header: Flags.string({
      ...many,
      helpValue: '<NAME=value>',
      description: 'an HTTP header for requests to the server',
    }),
    replace: Flags.boolean({ description: 'replace a server of the same name' }),
    ...jsonFlag,
  };

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(McpAdd);
    const app = await this.openApp(flags);
    const [name = '', target = '', ...words] = argv as string[];
    const entry = toServerEntry(target, words, flags);
    await addMcp(app, { name, entry, replace: flags.replace });
    const path = mcpConfigFile(app);
    if (flags.json) this.printJson({ name, path });
    else this.show(`added to ${path}; synapse mcp test ${quoteWord(name)} tries it`);
  }
}
