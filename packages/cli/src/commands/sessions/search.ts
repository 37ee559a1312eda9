import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { isEmptyQuery, parseMoment, parseSearchQuery, UsageError } from '@synapse/core';
import { SessionsCommand } from '../../sessions/sessions-command.ts';
import { pageFlags } from '../../sessions/session-flags.ts';

export default class SessionsSearch extends SessionsCommand {
  static override summary = 'search everything that was said';
  static override usage = '[flags] [--] <query …>';
  static override description = [
    'All the words must occur in a message, whatever the case, the accents and the order.',
    '"a phrase" in quotes (which the shell must leave alone), -without or NOT without, this OR that, begin*,',
    'and the filters role:user, tag:work, model:gpt-5 (dated versions included), since:7d,',
    'before:2026-01-31; flags do the same. Words that begin with a dash stand behind --.',
  ].join('\n');
  static override examples = [
    'synapse sessions search monad',
    `synapse sessions search '"pull request"' --since 30d`,
    'synapse sessions search -- deploy -staging role:user',
  ];
  static override strict = false;
  static override args = { query: Args.string({ description: 'what to look for' }) };
  static override flags = {
    role: Flags.option({ options: ['user', 'assistant', 'tool'] as const })({
      description: 'said by',
    }),
    tag: Flags.string({ helpValue: '<tag>', description: 'in sessions with this tag' }),
    model: Flags.string({ char: 'm', helpValue: '<name>', description: 'answered by this model' }),
    since: Flags.string({ helpValue: '<time>', description: 'said since: 2026-01-31, 7d' }),
    before: Flags.string({ helpValue: '<time>', description: 'said before: 2026-01-31, 7d' }),
    variants: Flags.boolean({
      description:
        'also in turns that are not part of the conversation: earlier answers, and what was undone',
    }),
    ...pageFlags,
  };

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(SessionsSearch);
    const now = new Date();
    const { role, tag, model, since, before, variants, limit, cursor } = flags;
    const query = {
      ...parseSearchQuery((argv as string[]).join(' '), now, (remark) => this.say(remark)),
      variants,
      ...(role && { role }),
      ...(tag !== undefined && { tag }),
      ...(model !== undefined && { model }),
      ...(since !== undefined && { since: parseMoment('--since', since, now) }),
      ...(before !== undefined && { before: parseMoment('--before', before, now) }),
    };
    if (isEmptyQuery(query)) {
      throw new UsageError('There is nothing to search for.', {
        hint: 'Give a word with a letter or digit, or a filter.',
      });
    }
    await this.withSessions(flags, async ({ store, terminal }) => {
      const page = await store.search.search(query, { limit, cursor });
      if (flags.json) {
        this.printJson(page);
        return;
      }
      if (page.items.length === 0) this.say('nothing was found');
      const { renderHits } = await import('../../sessions/render-hits.ts');
      process.stdout.write(renderHits(page.items, terminal, now));
      if (page.nextCursor) this.say(`there may be more: --cursor ${page.nextCursor}`);
    });
  }
}
