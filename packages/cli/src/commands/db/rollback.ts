import { backUpStore, stampOf } from '@synapse/app/manage/back-up-store';
import { BaseCommand } from '../../base-command.ts';
import { dryRunFlag, jsonFlag, yesFlag } from '../../shared-flags.ts';
import { schemaText, schemaToJson } from '@synapse/app/manage/schema-status';
import { confirm } from '../../output/confirm.ts';
import { showWork } from '../../output/show-work.ts';

export default class DbRollback extends BaseCommand {
  static override summary = 'revert the newest step of the schema, for an older Synapse';
  static override description =
    'Data that only this step can hold is lost. A SQLite database is backed up first, in the same folder. The next\n' +
    'command of this Synapse version applies the step again.';
  static override examples = ['synapse db rollback --dry-run', 'synapse db rollback --yes'];
  static override flags = { ...dryRunFlag, ...yesFlag, ...jsonFlag };

  override async run(): Promise<void> {
    const { flags } = await this.parse(DbRollback);
    const app = await this.openApp(flags);
    await this.withStore(app, async (store) => {
      const before = await store.maintenance.schema();
      const newest = before.applied.at(-1)?.name ?? null;
      if (flags['dry-run']) {
        if (flags.json) this.printJson({ isDryRun: true, takenBack: newest, backup: null });
        else this.show(`would revert: ${newest ?? 'nothing'}`);
        return;
      }
      this.notify(`this reverts ${newest ?? 'nothing'} and deletes the data that only it can hold`);
      const question = 'Revert it?';
      const command = 'db rollback';
      if (!(await confirm({ question, command, argv: this.argv, isConfirmed: flags.yes }))) return;
      const location = app.locate();
      const backup =
        location.engine === 'sqlite' && store.maintenance.fileBackup
          ? await backUpStore(
              app,
              store,
              {
                path: `${location.path}.before-rollback-${stampOf(app.clock.now())}`,
                overwrite: false,
              },
              showWork,
            )
          : null;
      const schema = await store.maintenance.rollBack();
      if (flags.json) {
        const report = { isDryRun: false, takenBack: newest, backup: backup?.path ?? null };
        this.printJson({ ...report, ...schemaToJson(schema) });
        return;
      }
      this.show(schemaText(schema));
      if (backup) this.notify(`the earlier database is in ${backup.path}`);
    });
  }
}
