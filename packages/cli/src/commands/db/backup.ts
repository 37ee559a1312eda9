import { resolve } from 'node:path';
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { toByteSize } from '@synapse/core/words';
import { backUpStore, stampOf } from '@synapse/app/manage/back-up-store';
import { BaseCommand } from '../../base-command.ts';
import { showWork } from '../../output/show-work.ts';
import { jsonFlag } from '../../shared-flags.ts';

export default class DbBackup extends BaseCommand {
  static override summary = 'back up the database to one file, even while it is in use';
  static override description =
    'The file is a SQLite database, even if the sessions are stored in PostgreSQL. You can restore it, or use\n' +
    'it directly with --database.';
  static override examples = ['synapse db backup', 'synapse db backup ~/synapse.db --force'];
  static override args = {
    file: Args.string({
      description: 'the file to write; synapse-<time>.db in this folder by default',
    }),
  };
  static override flags = {
    force: Flags.boolean({ description: 'replace an existing file' }),
    ...jsonFlag,
  };

  override async run(): Promise<void> {
    const { flags, args } = await this.parse(DbBackup);
    const app = await this.openApp(flags);
    const path = resolve(args.file ?? `synapse-${stampOf(app.clock.now())}.db`);
    await this.withStore(app, async (store) => {
      const report = await backUpStore(app, store, { path, overwrite: flags.force }, showWork);
      if (flags.json) this.printJson(report);
      else this.show(`${report.path} (${toByteSize(report.byteSize)})`);
    });
  }
}
