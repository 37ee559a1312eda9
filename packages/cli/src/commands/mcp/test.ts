import { quoteWord, countOf } from '@synapse/core/words';
import { jsonFlag } from '../../shared-flags.ts';
import { McpCommand, serverArgument } from '../../mcp/mcp-command.ts';
import { listenForInterrupts } from '../../output/interrupts.ts';

export default class McpTest extends McpCommand {
  static override summary = 'start MCP servers and check that they answer';
  static override examples = ['synapse mcp test', 'synapse mcp test files --json'];
  static override args = serverArgument;
  static override flags = { ...jsonFlag };

  override async run(): Promise<void> {
    const { flags, args } = await this.parse(McpTest);
    const app = await this.openApp(flags);
    const interrupts = listenForInterrupts();
    let failure: Error | undefined;
    try {
      await this.withServers(app, args.server, async (servers) => {
        const { signal } = interrupts;
        const outcomes = await Promise.allSettled(servers.map((server) => server.connect(signal)));
        signal.throwIfAborted();
        failure = outcomes.find((one) => one.status === 'rejected')?.reason as Error | undefined;
        const items = servers.map((server) => server.status());
        if (flags.json) {
          if (!failure) this.printJson({ items, nextCursor: null });
          return;
        }
        for (const { name, state, serverName, reason, toolCount, changed } of items) {
          const says = [serverName ?? '', reason ?? '', countOf(toolCount, 'tool')].filter(Boolean);
          this.show(`${name}: ${state} (${says.join('; ')})`);
          if (changed.length > 0) {
            this.notify(`${name} has changed tools: synapse mcp tools ${quoteWord(name)}`);
          }
        }
        if (items.length === 0) this.notify('no servers; synapse mcp add adds one');
      });
    } finally {
      interrupts.stop();
    }
    if (failure) throw failure;
  }
}
