import { BaseCommand } from '../../base-command.ts';
import { jsonFlag } from '../../shared-flags.ts';
import { outputStyleOf } from '../../output/output-style.ts';
import { mcpConfigFile, readMcp } from '@synapse/app/wiring/open-mcp';

export default class McpList extends BaseCommand {
  static override summary = 'list the MCP servers, without starting them';
  static override examples = ['synapse mcp list', 'synapse mcp list --json'];
  static override flags = { ...jsonFlag };

  override async run(): Promise<void> {
    const { flags } = await this.parse(McpList);
    const app = await this.openApp(flags);
    const { servers, problems, notes } = await readMcp(app);
    // Arguments, variables and headers may hold keys, so they are not shown.
    const items = servers.map(({ name, transport, isDisabled }) => ({
      name,
      transport: transport.type,
      target: transport.type === 'stdio' ? transport.command : new URL(transport.url).origin,
      disabled: isDisabled,
    }));
    for (const { message } of problems) this.notify(message);
    for (const note of notes) this.notify(note);
    if (flags.json) {
      this.printJson({ items, nextCursor: null });
      return;
    }
    if (items.length === 0) {
      this.notify(`no servers in ${mcpConfigFile(app)}; synapse mcp add adds one`);
      return;
    }
    const { toTable } = await import('@synapse/terminal');
    const columns = [
      { title: 'NAME', text: ({ name }: Item) => name },
      { title: 'KIND', text: ({ transport }: Item) => transport },
      { title: 'TARGET', text: ({ target }: Item) => target, isFlexible: true },
      { title: 'STATE', text: ({ disabled }: Item) => (disabled ? 'off' : 'on') },
    ];
    process.stdout.write(toTable(columns, items, outputStyleOf(process.stdout, app)));
  }
}

interface Item {
  name: string;
  transport: string;
  target: string;
  disabled: boolean;
}
