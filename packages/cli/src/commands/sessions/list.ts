import * as Flags from '@oclif/core/flags';
import { BaseCommand } from '../../base-command.ts';
import { sessionToJson } from '../../output/message-json.ts';

export default class SessionsList extends BaseCommand {
  static override summary = 'list sessions, newest first';
  static override examples = ['synapse sessions list', 'synapse sessions list --limit 5 --json'];
  static override flags = {
    limit: Flags.integer({ char: 'n', min: 1, max: 500, default: 50, description: 'how many' }),
    json: Flags.boolean({ description: 'print JSON' }),
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(SessionsList);
    const app = await this.openApp(flags);
    const page = await this.withStore(app, ({ sessions }) => sessions.list({ limit: flags.limit }));
    if (flags.json) {
      this.printJson({ items: page.items.map(sessionToJson), nextCursor: page.nextCursor });
      return;
    }
    for (const { id, handle, title, messageCount, updatedAt } of page.items) {
      const name = handle ?? title ?? '(no text)';
      this.print(`${id}  ${updatedAt.toISOString()}  ${messageCount}  ${name}`);
    }
  }
}
