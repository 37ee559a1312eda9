import * as Flags from '@oclif/core/flags';
import { jsonFlag } from '../../shared-flags.ts';
import { McpCommand, serverArgument } from '../../mcp/mcp-command.ts';
import { listenForInterrupts } from '../../output/interrupts.ts';

export default class McpTools extends McpCommand {
  static override summary =
    'list the tools of MCP servers, including those held back because they changed';
  static override examples = ['synapse mcp tools', 'synapse mcp tools files --approve'];
  static override args = serverArgument;
  static override flags = {
    approve: Flags.boolean({ description: 'approve the tools that have changed' }),
    ...jsonFlag,
  };

  override async run(): Promise<void> {
    const { flags, args } = await this.parse(McpTools);
    const app = await this.openApp(flags);
    const interrupts = listenForInterrupts();
    try {
      await this.withServers(app, args.server, async (servers) => {
        await Promise.all(servers.map((server) => server.list(interrupts.signal)));
        const items = [];
        for (const server of servers) {
          if (flags.approve) await server.approve();
          const offered = await server.list(interrupts.signal);
          const { state, reason } = server.status();
          if (state === 'failed') this.notify(`${server.name}: ${reason ?? 'failed'}`);
          const changed = server.changedTools();
          for (const [tools, isChanged] of [[offered, false] as const, [changed, true] as const]) {
            for (const { name, description, effect } of tools) {
              items.push({ server: server.name, name, description, effect, changed: isChanged });
            }
          }
        }
        if (flags.json) {
          this.printJson({ items, nextCursor: null });
          return;
        }
        for (const { name, description, changed } of items) {
          const mark = changed ? ' [CHANGED, needs --approve]' : '';
          this.show(`${name}${mark}\t${description.replaceAll(/\s+/g, ' ')}`);
        }
        if (items.length === 0) this.notify('no tools');
      });
    } finally {
      interrupts.stop();
    }
  }
}
