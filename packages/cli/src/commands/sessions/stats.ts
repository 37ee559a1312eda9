import { collectStats, statsToJson } from '@synapse/app/sessions/session-stats';
import { SessionsCommand } from '../../sessions/sessions-command.ts';
import { jsonFlag } from '../../shared-flags.ts';

export default class SessionsStats extends SessionsCommand {
  static override summary = 'show totals of sessions, messages, tokens and cost, by model';
  static override description =
    'Messages include those in the trash. Tokens and cost cover all calls made from this store, including\n' +
    'those of messages deleted since. Imported calls are not counted.';
  static override examples = ['synapse sessions stats', 'synapse sessions stats --json'];
  static override flags = { ...jsonFlag };

  override async run(): Promise<void> {
    const { flags } = await this.parse(SessionsStats);
    await this.withSessions(flags, async ({ store, outputStyle }) => {
      const [stats, info] = await Promise.all([
        collectStats(store.usage),
        store.maintenance.place(),
      ]);
      if (flags.json) {
        const { engine, location, byteSize } = info;
        this.printJson({ ...statsToJson(stats), store: { engine, location, byteSize } });
        return;
      }
      const { renderStats } = await import('../../sessions/render-stats.ts');
      process.stdout.write(renderStats(stats, info, outputStyle));
    });
  }
}
