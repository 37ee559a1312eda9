import * as Flags from '@oclif/core/flags';
import { parseMoment } from '@synapse/core';
import { sessionToJson } from '@synapse/portability';
import { SessionsCommand } from '../../sessions/sessions-command.ts';
import { pageFlags } from '../../sessions/session-flags.ts';

export default class SessionsList extends SessionsCommand {
  static override summary = 'list sessions, newest first';
  static override examples = [
    'synapse sessions list',
    'synapse sessions list --here --since 7d',
    'synapse sessions list --tag work --limit 5 --json',
    'synapse sessions list --trash',
  ];
  static override flags = {
    text: Flags.string({ helpValue: '<text>', description: 'text in the name, title or preview' }),
    tag: Flags.string({ helpValue: '<tag>', description: 'with this tag' }),
    provider: Flags.string({ char: 'p', helpValue: '<name>', description: 'with this provider' }),
    model: Flags.string({ char: 'm', helpValue: '<name>', description: 'with this model' }),
    since: Flags.string({
      helpValue: '<time>',
      description: 'active since a day like 2026-01-31, or 12h, 7d, 2w, 3m, 1y ago',
    }),
    origin: Flags.string({ helpValue: '<tool>', description: 'imported from this tool' }),
    here: Flags.boolean({ description: 'started in this directory' }),
    pinned: Flags.boolean({ description: 'only pinned sessions' }),
    archived: Flags.boolean({ description: 'only archived sessions', exclusive: ['all'] }),
    trash: Flags.boolean({ description: 'only sessions in the trash', exclusive: ['all'] }),
    all: Flags.boolean({ description: 'also archived sessions and the trash' }),
    ...pageFlags,
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(SessionsList);
    await this.withSessions(flags, async ({ app, store, outputStyle }) => {
      const now = app.clock.now();
      const { limit, cursor, text, tag, provider, model, origin, since } = flags;
      const page = await store.sessions.list({
        ...{ limit, cursor, text, tag, provider, model, origin },
        workingDirectory: flags.here ? process.cwd() : undefined,
        updatedSince: since === undefined ? undefined : parseMoment('--since', since, now),
        pinned: flags.pinned || undefined,
        archived: flags.all || (flags.trash && !flags.archived) ? 'any' : flags.archived,
        trashed: flags.all ? 'any' : flags.trash,
      });
      if (flags.json) {
        this.printJson({ items: page.items.map(sessionToJson), nextCursor: page.nextCursor });
        return;
      }
      if (page.items.length === 0) {
        this.notify('no sessions');
        return;
      }
      const { describeNextPage, toSessionTable } = await import('../../sessions/session-table.ts');
      process.stdout.write(toSessionTable(page.items, outputStyle, now));
      if (page.nextCursor) this.notify(describeNextPage(page.nextCursor, limit, outputStyle));
    });
  }
}
