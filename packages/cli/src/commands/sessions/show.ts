import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { resolveSession, textOf } from '@synapse/core';
import { BaseCommand } from '../../base-command.ts';
import { messageToJson, sessionToJson } from '../../output/message-json.ts';

export default class SessionsShow extends BaseCommand {
  static override summary = 'show what was said in a session';
  static override examples = [
    'synapse sessions show last',
    'synapse sessions show my-project --json',
  ];
  static override args = {
    session: Args.string({
      required: true,
      description: 'id, beginning of an id, name, title or last',
    }),
  };
  static override flags = {
    limit: Flags.integer({
      char: 'n',
      min: 1,
      max: 500,
      default: 100,
      description: 'how many of the newest messages',
    }),
    json: Flags.boolean({ description: 'print JSON' }),
  };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(SessionsShow);
    const app = await this.openApp(flags);
    await this.withStore(app, async ({ sessions }) => {
      const session = await resolveSession(sessions, args.session);
      const messages = await sessions.messages(session.id, { limit: flags.limit });
      if (flags.json) {
        this.printJson({ session: sessionToJson(session), messages: messages.map(messageToJson) });
        return;
      }
      for (const { role, status, parts } of messages) {
        this.print(`${role}${status === 'complete' ? '' : ` (${status})`}:\n${textOf(parts)}\n`);
      }
    });
  }
}
