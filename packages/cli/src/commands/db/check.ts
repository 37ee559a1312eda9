import { exitCodeOf } from '../../exit-codes.ts';
import { checkDatabase, describeFinding } from '@synapse/app/manage/check-database';
import { showWork } from '../../output/show-work.ts';
import { BaseCommand } from '../../base-command.ts';
import { jsonFlag } from '../../shared-flags.ts';

export default class DbCheck extends BaseCommand {
  static override summary = 'check all stored data, and report damage';
  static override description = 'It repairs nothing. Exit code 74 if something is damaged.';
  static override examples = ['synapse db check', 'synapse db check --json'];
  static override flags = { ...jsonFlag };

  override async run(): Promise<void> {
    const { flags } = await this.parse(DbCheck);
    const app = await this.openApp(flags);
    const findings = await this.withStore(app, ({ maintenance }) =>
      checkDatabase(maintenance, showWork),
    );
    if (findings.length > 0) process.exitCode = exitCodeOf('SYNAPSE_STORAGE_DAMAGED');
    if (flags.json) {
      this.printJson({ ok: findings.length === 0, items: findings, nextCursor: null });
      return;
    }
    for (const finding of findings) this.show(describeFinding(finding));
    if (findings.length === 0) this.show('integrity check passed');
    else
      this.notify(
        'synapse db backup saves the readable data; synapse db restore returns to a backup',
      );
  }
}
