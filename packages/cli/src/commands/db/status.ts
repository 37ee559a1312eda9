import { BaseCommand } from '../../base-command.ts';
import { jsonFlag } from '../../shared-flags.ts';
import { schemaText, schemaToJson } from '@synapse/app/manage/schema-status';

export default class DbStatus extends BaseCommand {
  static override summary = 'show the version of the schema, without migrating it';
  static override examples = ['synapse db status', 'synapse db status --json'];
  static override flags = { ...jsonFlag };

  override async run(): Promise<void> {
    const { flags } = await this.parse(DbStatus);
    const app = await this.openApp(flags);
    const summary = await app.inspectStore();
    if (!summary) {
      const location = app.locate();
      const path = location.engine === 'sqlite' ? location.path : '';
      if (flags.json) this.printJson({ exists: false, engine: 'sqlite', location: path });
      else
        this.show(
          `${path} does not exist yet; the first question, or synapse db migrate, creates it.`,
        );
      return;
    }
    const { engine, location, engineVersion, journalMode, schema } = summary;
    if (flags.json) {
      this.printJson({
        exists: true,
        ...{ engine, location, engineVersion, journalMode },
        ...schemaToJson(schema),
      });
      return;
    }
    const mode = journalMode === null ? '' : `, journal mode ${journalMode}`;
    this.show(`${engine} ${engineVersion} at ${location}${mode}`);
    this.show(schemaText(schema));
    if (schema.pending.length > 0) {
      this.notify('the next command that opens it migrates it; to do it now: synapse db migrate');
    }
  }
}
