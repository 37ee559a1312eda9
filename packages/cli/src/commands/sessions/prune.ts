import { applyRetention, type RetentionReport } from '@synapse/core';
import { describeSkip } from '@synapse/app/cleanup/describe-cleanup';
import { toRetentionSettings } from '@synapse/app/cleanup/clean-up';
import { confirm } from '../../output/confirm.ts';
import { outputStyleOf } from '../../output/output-style.ts';
import { stepToJson, toStepTable } from '../../sessions/step-table.ts';
import { SessionsCommand } from '../../sessions/sessions-command.ts';
import { dryRunFlag, jsonFlag, yesFlag } from '../../shared-flags.ts';

export default class SessionsPrune extends SessionsCommand {
  static override summary = 'apply the limits now: move sessions to the trash, and purge old trash';
  static override description =
    'The limits are session.max_sessions, retention_days, min_age_days and trash_days. Sessions that are\n' +
    'pinned, open or still answering are never removed.';
  static override examples = ['synapse sessions prune --dry-run', 'synapse sessions prune --yes'];
  static override flags = { ...dryRunFlag, ...yesFlag, ...jsonFlag };

  override async run(): Promise<void> {
    const { flags } = await this.parse(SessionsPrune);
    const isDryRun = flags['dry-run'];
    const app = await this.openApp(flags);
    await this.withStore(app, async ({ retention }) => {
      const settings = toRetentionSettings(app.settings);
      const prune = (isLook: boolean) =>
        applyRetention(retention, app.clock, settings, { isConfirmed: true, isDryRun: isLook });
      const show = (report: RetentionReport, stream: NodeJS.WriteStream) => {
        stream.write(toStepTable(report.steps, outputStyleOf(stream, app), app.clock.now()));
      };

      let report = await prune(true);
      const isWork = report.steps.length > 0;
      if (isWork && !isDryRun) {
        if (!flags.yes) show(report, process.stderr);
        const question = 'Apply the limits now?';
        const command = 'sessions prune';
        if (!(await confirm({ question, command, argv: this.argv, isConfirmed: flags.yes })))
          return;
        report = await prune(false);
      }
      if (flags.json) {
        const { trashedCount, purgedCount, skipped = null, steps } = report;
        const items = steps.map(stepToJson);
        this.printJson({ isDryRun, trashedCount, purgedCount, skipped, items, nextCursor: null });
        return;
      }
      if (report.steps.length > 0) show(report, process.stdout);
      else this.notify('nothing to remove');
      const skip = report.skipped && describeSkip(report.skipped);
      if (skip) this.notify(skip);
    });
  }
}
