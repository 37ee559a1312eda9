import { BaseCommand } from '../../base-command.ts';
import { listenForInterrupts } from '../../output/interrupts.ts';
import { serveSessions } from '@synapse/app/wiring/open-mcp';

export default class McpServe extends BaseCommand {
  static override summary = 'let MCP clients search and read the sessions, on stdin and stdout';
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
