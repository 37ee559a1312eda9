import * as Flags from '@oclif/core/flags';
import { parseMoment } from '@synapse/core';
import { BaseCommand } from '../base-command.ts';
import { jsonFlag } from '../shared-flags.ts';
import { outputStyleOf } from '../output/output-style.ts';
import { toUsageRows } from '@synapse/app/usage/usage-rows';

const groupings = ['day', 'model', 'provider', 'session', 'tag', 'origin'] as const;

export default class Usage extends BaseCommand {
  static override summary = 'show the tokens, cost and time of answers';
  static override description =
    'A cost without a known price is shown as unknown, and a partial sum as "at least". Days are in UTC.\n' +
    'Answers stay counted when you delete their messages or sessions. A fork counts only its own answers.\n' +
    'An answer counts once for each tag that its session has now. Imported answers count only with\n' +
    '--origin or --by origin.\n' +
    'MEAN, P95 and P99 are the times of whole answers, FIRST is the time to the first word.';
  static override examples = [
    'synapse usage',
    'synapse usage --by model --since 30d',
    'synapse usage --by day --csv',
  ];
  static override flags = {
    by: Flags.option({ options: groupings })({
      default: 'day',
      description: 'group by',
    }),
    since: Flags.string({
      helpValue: '<time>',
      description: 'since a day like 2026-01-31, or 12h, 7d, 2w, 3m, 1y ago',
    }),
    origin: Flags.string({
      helpValue: '<word>',
      description:
        'count other answers: import or a tool like codex for imported ones, any for all',
    }),
    csv: Flags.boolean({ description: 'print CSV', exclusive: ['json'] }),
    ...jsonFlag,
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(Usage);
    const app = await this.openApp(flags);
    const now = app.clock.now();
    const since = flags.since === undefined ? undefined : parseMoment('--since', flags.since, now);
    await this.withStore(app, async ({ usage, sessions }) => {
      const origin = flags.origin ?? (flags.by === 'origin' ? 'any' : undefined);
      const groups = await usage.usage({ by: flags.by, since, origin });
      const rows = await toUsageRows(groups, flags.by, sessions);
      if (flags.json) this.printJson({ by: flags.by, items: rows, nextCursor: null });
      else if (flags.csv) {
        const { toUsageCsv } = await import('@synapse/app/usage/usage-csv');
        process.stdout.write(toUsageCsv(rows));
      } else if (rows.length === 0) this.notify('no answers yet');
      else {
        const { toUsageTable } = await import('../usage/usage-table.ts');
        process.stdout.write(toUsageTable(flags.by, rows, outputStyleOf(process.stdout, app)));
      }
    });
  }
}
