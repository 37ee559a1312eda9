import * as Args from '@oclif/core/args';
import { searchFlags, toSearchQuery } from '../../sessions/search-flags.ts';
import { SessionsCommand } from '../../sessions/sessions-command.ts';

export default class SessionsSearch extends SessionsCommand {
  static override summary = 'search the messages of all sessions';
  static override usage = '[flags] [--] <query …>';
  static override description = [
    'A message matches if it contains all the words, regardless of order, case and accents.',
    'Also: "a phrase" (keep its quotes from the shell), -without or NOT without, this OR that, begin*,',
    'and the filters role:user, tag:work, model:gpt-5 (dated versions included), origin:codex, since:7d,',
    'before:2026-01-31; flags do the same. Put words that begin with a dash after --.',
  ].join('\n');
  static override examples = [
    'synapse sessions search monad',
    `synapse sessions search '"pull request"' --since 30d`,
    'synapse sessions search -- deploy -staging role:user',
  ];
  static override strict = false;
  static override args = { query: Args.string({ description: 'the words to search for' }) };
  static override flags = searchFlags;

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(SessionsSearch);
    const { limit, cursor } = flags;
    const now = new Date();
    const warn = (text: string) => this.notify(text);
    const query = toSearchQuery(argv as string[], flags, { now, warn });
    await this.withSessions(flags, async ({ store, outputStyle }) => {
      const page = await store.search.search(query, { limit, cursor });
      if (flags.json) {
        this.printJson(page);
        return;
      }
      if (page.items.length === 0) this.notify('nothing was found');
      const { renderHits } = await import('../../sessions/render-hits.ts');
      process.stdout.write(renderHits(page.items, outputStyle, now));
      if (page.nextCursor) this.notify(`there may be more: pass --cursor ${page.nextCursor}`);
    });
  }
}
