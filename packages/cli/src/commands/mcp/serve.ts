import { BaseCommand } from '../../base-command.ts';
import { listenForInterrupts } from '../../output/interrupts.ts';
import { serveSessions } from '@synapse/app/wiring/open-mcp';

export default class McpServe extends BaseCommand {
  static override summary =
    'run an MCP server on stdin and stdout, so that clients can search and read sessions';
  static override examples = ['synapse mcp serve'];

  override async run(): Promise<void> {
    const { flags } = await this.parse(McpServe);
    const app = await this.openApp(flags);
    const streams = { input: process.stdin, output: process.stdout };
    const interrupts = listenForInterrupts();
    try {
      await this.withStore(app, (store) => serveSessions(app, store, streams, interrupts.signal));
    } finally {
      interrupts.stop();
    }
  }
}
