import { resolve } from 'node:path';
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { toByteSize } from '@synapse/core/words';
import { backUpStore, stampOf } from '@synapse/app/manage/back-up-store';
import { BaseCommand } from '../../base-command.ts';
import { showWork } from '../../output/show-work.ts';
import { jsonFlag } from '../../shared-flags.ts';

export default class DbBackup extends BaseCommand {
  static override summary = 'write everything to one file, while others go on writing';
  static override description =
    'The file is a SQLite database, also where the sessions are kept in PostgreSQL. It can be restored, or\n' +
    'used as it is with --database.';
  static override examples = ['synapse db backup', 'synapse db backup ~/synapse.db --force'];
  static override args = {
    file: Args.string({ description: 'where to; synapse-<time>.db in this folder by default' }),
  };
  static override flags = {
    force: Flags.boolean({ description: 'write over a file that is there' }),
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
