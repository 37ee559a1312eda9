import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { countOf } from '@synapse/core/words';
import { exitCodeOf } from '../../exit-codes.ts';
import { describeCopy } from '../../output/describe-copy.ts';
import { copyBetween, openSource } from '@synapse/app/manage/copy-between';
import { showWork } from '../../output/show-work.ts';
import { BaseCommand } from '../../base-command.ts';
import { dryRunFlag, jsonFlag } from '../../shared-flags.ts';

export default class DbCopy extends BaseCommand {
  static override summary = 'copy everything to another database, SQLite or PostgreSQL';
  static override description =
    'Each session is read back from the target and compared. A session that has grown is brought up to date. If both\n' +
    'copies have grown, the target gets a fork with the new messages of the source. To finish an interrupted\n' +
    'copy, run it again. Exit code 65 if sessions differ.';
  static override examples = [
    'synapse db copy ~/.config/synapse/sessions.db postgres://me@localhost/synapse --verify',
    'synapse db copy sqlite:old.db sqlite:new.db --dry-run',
  ];
  static override args = {
    from: Args.string({ required: true, description: 'a path, sqlite:path or postgres://…' }),
    to: Args.string({
      required: true,
      description: 'in the same form; created if it does not exist',
    }),
  };
  static override flags = {
    verify: Flags.boolean({ description: 'also check the whole target after the copy' }),
    ...dryRunFlag,
    ...jsonFlag,
  };

  override async run(): Promise<void> {
    const { flags, args } = await this.parse(DbCopy);
    const app = await this.openApp(flags);
    const source = await openSource(app, args.from);
    try {
      if (flags['dry-run']) {
        const { sessionCount, messageCount } = await source.maintenance.info();
        if (flags.json) this.printJson({ isDryRun: true, sessionCount, messageCount });
        else
          this.show(
            `would copy ${countOf(sessionCount, 'session')}, ${countOf(messageCount, 'message')}`,
          );
        return;
      }
      const outcome = await copyBetween(app, source, args.to, {
        isChecked: flags.verify,
        show: showWork,
      });
      const { differing, findings } = outcome;
      if (findings && findings.length > 0) process.exitCode = exitCodeOf('SYNAPSE_STORAGE_DAMAGED');
      if (differing.length > 0) process.exitCode = exitCodeOf('SYNAPSE_INVALID_DATA');
      if (flags.json) this.printJson({ isDryRun: false, ...outcome });
      else for (const line of describeCopy(outcome)) this.show(line);
    } finally {
      await source.close();
    }
  }
}
