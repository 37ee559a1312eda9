import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import * as Args from '@oclif/core/args';
import { FileNotFoundError } from '@synapse/core';
import { countOf } from '@synapse/core/words';
import { BaseCommand } from '../../base-command.ts';
import { dryRunFlag, jsonFlag, yesFlag } from '../../shared-flags.ts';
import { planRestore, restoreStore } from '@synapse/app/manage/restore-store';
import { confirm } from '../../output/confirm.ts';
import { showWork } from '../../output/show-work.ts';

export default class DbRestore extends BaseCommand {
  static override summary = 'replace the database with a backup';
  static override description =
    'An existing SQLite database is renamed, not removed, and no other process may have it open.\n' +
    'A PostgreSQL database has to be empty.';
  static override examples = [
    'synapse db restore ~/synapse.db --dry-run',
    'synapse db restore ~/synapse.db --yes',
  ];
  static override args = {
    file: Args.string({ required: true, description: 'a file written by db backup' }),
  };
  static override flags = { ...dryRunFlag, ...yesFlag, ...jsonFlag };

  override async run(): Promise<void> {
    const { flags, args } = await this.parse(DbRestore);
    const app = await this.openApp(flags);
    const file = resolve(args.file);
    if (!existsSync(file)) throw new FileNotFoundError(`There is no backup at ${file}.`);
    const { target, isThere, sessionCount } = await planRestore(app);
    if (flags['dry-run']) {
      if (flags.json) this.printJson({ isDryRun: true, target, sessionCount });
      else this.show(`would restore ${file} to ${target} (${contentOf(sessionCount)} there now)`);
      return;
    }
    if (isThere) {
      this.notify(`${target} holds ${contentOf(sessionCount)} now`);
      const question = 'Replace it with the backup?';
      const command = 'db restore';
      if (!(await confirm({ question, command, argv: this.argv, isConfirmed: flags.yes }))) return;
    }
    const { path, asidePath } = await restoreStore(app, file, showWork);
    if (flags.json) {
      this.printJson({ isDryRun: false, target: path, asidePath });
      return;
    }
    this.show(`restored ${path}`);
    if (asidePath !== null) this.notify(`the earlier database is now ${asidePath}`);
  }
}

function contentOf(sessionCount: number | null): string {
  return sessionCount === null ? 'unreadable data' : countOf(sessionCount, 'session');
}
