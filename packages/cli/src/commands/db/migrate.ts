import { StorageError, type Store } from '@synapse/core';
import { BaseCommand } from '../../base-command.ts';
import { dryRunFlag, jsonFlag, yesFlag } from '../../shared-flags.ts';
import { schemaText, schemaToJson } from '@synapse/app/manage/schema-status';
import { confirm } from '../../output/confirm.ts';
import type { App } from '@synapse/app/wiring';

export default class DbMigrate extends BaseCommand {
  static override summary = 'create the schema, or bring it up to date';
  static override description =
    'Every command that opens the database migrates it. Only this one also creates the tables in a database\n' +
    'that another program uses, in a schema of their own.';
  static override examples = ['synapse db migrate', 'synapse db migrate --dry-run'];
  static override flags = { ...dryRunFlag, ...yesFlag, ...jsonFlag };

  override async run(): Promise<void> {
    const { flags } = await this.parse(DbMigrate);
    const app = await this.openApp(flags);
    const before = (await app.inspectStore())?.schema ?? { applied: [], pending: [] };
    if (flags['dry-run']) {
      if (flags.json) this.printJson({ isDryRun: true, ...schemaToJson(before) });
      else this.show(schemaText(before) || 'the database and all of its tables would be created');
      return;
    }
    const store = await this.#open(app, flags.yes);
    if (!store) return;
    try {
      const schema = await store.maintenance.schema();
      if (flags.json) {
        this.printJson({ isDryRun: false, ...schemaToJson(schema) });
        return;
      }
      const count = schema.applied.length - before.applied.length;
      this.show(schemaText(schema));
      this.notify(count === 0 ? 'there was nothing to do' : `${count} applied`);
    } finally {
      await store.close();
    }
  }

  async #open(app: App, isConfirmed: boolean): Promise<Store | undefined> {
    try {
      return await app.openStore();
    } catch (error) {
      if (!(error instanceof StorageError) || error.reason !== 'foreign') throw error;
      if (app.locate().engine === 'sqlite') throw error;
      this.notify(error.message);
      const question = 'Create the tables of Synapse there, in a schema of their own?';
      const isWanted = await confirm({
        question,
        command: 'db migrate',
        argv: this.argv,
        isConfirmed,
      });
      return isWanted ? app.openStore({ allowForeign: true }) : undefined;
    }
  }
}
